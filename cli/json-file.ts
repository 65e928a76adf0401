import { Failure } from './failure.ts';
import { settingsText } from './settings-text.ts';

/** Reads a JSON object from a file. @throws Failure */
export async function jsonFile(path: string): Promise<Record<string, unknown>> {
  const text = await settingsText(path);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Failure(`${path} is not JSON: ${(error as Error).message}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Failure(`${path} must contain a JSON object`);
  return value as Record<string, unknown>;
}
