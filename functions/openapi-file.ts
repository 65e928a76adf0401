import { readFileSync } from 'node:fs';

/** The contract as it is written down in openapi.json, which lies beside the code rather than in it. */
export const openApi: {
  readonly info: { readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>>;
} = JSON.parse(readFileSync(new URL('openapi.json', import.meta.url), 'utf8'));
