import * as z from 'zod';

/** A problem of the service, or what API Gateway says. */
const Refusal = z.looseObject({
  title: z.string().optional(),
  detail: z.string().optional(),
  message: z.string().optional(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).default([]),
});

/** The service's own words for why it refused, then a line for each wrong field that they do not tell; none when it said nothing. */
export function refusalOf(body: string): string[] {
  const { success, data } = Refusal.safeParse(jsonOf(body));
  if (!success) return [];
  const { detail, title, message, errors } = data;
  const why = detail ?? title ?? message ?? '';
  const untold = errors.filter((error) => !why.includes(error.message));
  return [why, ...untold.map((error) => `${error.path} ${error.message}`)].filter(Boolean);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** @throws Error with the service's own words when it refused */
export async function bodyOf(response: Response): Promise<string> {
  const text = await response.text();
  if (response.ok) return text;
  throw new Error(refusalOf(text).join('; ') || `${response.url} answered ${response.status}`);
}
