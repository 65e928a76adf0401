import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { openApiDocument } from '../functions/openapi.ts';
import { failed } from './failed.ts';

const HELP = `npm run openapi: writes the contract to functions/openapi.json, beside the code that it is made from.

It is committed, so that a review sees a change.`;

const file = new URL('../functions/openapi.json', import.meta.url);

try {
  const { values } = parseArgs({ options: { help: { type: 'boolean', short: 'h' } } });
  if (values.help) console.log(HELP);
  else writeFileSync(file, `${JSON.stringify(openApiDocument(), null, 2)}\n`);
} catch (error) {
  failed(error);
}
