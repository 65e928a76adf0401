import { parseJson } from '../../functions/contract/json.ts';
import { Failure } from '../failure.ts';
import { settingsText } from '../settings-text.ts';
import { isTooDeep } from './sources/reading.ts';

/** Reads settings as JSON, or as YAML where the file's name says so. @throws Failure when it cannot be read */
export async function settingsIn(path: string): Promise<unknown> {
  const text = await settingsText(path);
  const isYaml = /\.ya?ml$/i.test(path);
  try {
    if (!isYaml) return parseJson(text);
    const { parse } = await import('yaml');
    const settings: unknown = parse(text);
    // Settings in YAML can contain themselves, which no JSON can.
    JSON.stringify(settings);
    return settings;
  } catch (error) {
    throw new Failure(`${path} is not ${isYaml ? 'YAML' : 'JSON'}: ${reasonOf(error as Error)}`);
  }
}

function reasonOf(error: Error): string {
  if (isTooDeep(error)) return 'it is nested too deeply';
  return error.message.startsWith('Converting circular') ? 'it contains itself' : error.message;
}
