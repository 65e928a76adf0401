import { readFile } from 'node:fs/promises';
import { parseJson } from '../../functions/contract/json.ts';
import { unreadable } from '../failure.ts';

/** Reads settings as JSON, or as YAML where the file's name says so. @throws Error when it cannot be read */
export async function settingsIn(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch(unreadable(path));
  const isYaml = /\.ya?ml$/i.test(path);
  try {
    if (!isYaml) return parseJson(text);
    const { parse } = await import('yaml');
    return parse(text);
  } catch (error) {
    throw new Error(`${path} is not ${isYaml ? 'YAML' : 'JSON'}: ${(error as Error).message}`);
  }
}
