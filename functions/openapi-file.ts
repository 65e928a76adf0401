import { readFileSync } from 'node:fs';

/** The OpenAPI document, read from openapi.json at runtime instead of being bundled. */
export const openApi: {
  readonly info: { readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>>;
} = JSON.parse(readFileSync(new URL('openapi.json', import.meta.url), 'utf8'));
