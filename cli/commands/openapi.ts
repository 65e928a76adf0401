import { writeFile } from 'node:fs/promises';
import { command } from '../command.ts';

export const openapi = command({
  summary: 'Print the OpenAPI document of the service, or write it to a file',
  operands: { usage: '[<file>]', most: 1 },
  description:
    'The document is made from the contracts in functions/. It is committed as functions/openapi.json, so that a review shows every change of the API.',
  options: {},
  examples: { 'functions/openapi.json': 'Update the committed document, as npm run openapi does' },
  async run({ operands: [file] }) {
    const { openApiDocument } = await import('../../functions/openapi.ts');
    const answer = openApiDocument();
    const text = JSON.stringify(answer, null, 2);
    if (file === undefined) return { answer, shown: text };
    await writeFile(file, `${text}\n`);
    return { answer, shown: `The OpenAPI document is in ${file}.` };
  },
});
