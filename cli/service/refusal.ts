import * as z from 'zod';

/** A problem of the service, or an error of API Gateway. */
const Refusal = z.looseObject({
  title: z.string().optional(),
  detail: z.string().optional(),
  message: z.string().optional(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).default([]),
});

/** The reason that the service gives, then a line for each wrong field that the reason does not mention; empty without a reason. */
export function refusalOf(body: string): string[] {
  const { success, data } = Refusal.safeParse(jsonOf(body));
  if (!success) return [];
  const { detail, title, message, errors } = data;
  const reason = detail ?? title ?? message ?? '';
  const others = errors.filter((error) => !reason.includes(error.message));
  return [reason, ...others.map((error) => `${error.path} ${error.message}`)].filter(Boolean);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** @throws Error with the reason of the service when it refused */
export async function bodyOf(response: Response): Promise<string> {
  const text = await response.text();
  if (response.ok) return text;
  throw new Error(refusalOf(text).join('; ') || `${response.url} answered ${response.status}`);
}
