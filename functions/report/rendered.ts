import type { Logger } from '@aws-lambda-powertools/logger';
import { dataUris } from './charts/data-uris.ts';
import type { Report } from './contract.ts';
import { asHtml } from './document/as-html.ts';
import { asText } from './document/as-text.ts';
import { documentOf } from './document/document.ts';

/** A report for people, with what draws its charts: two thirds of the code of a function that has it. */
export async function shown(report: Report, format: 'html' | 'text', logger: Logger) {
  const document = documentOf(report);
  return format === 'text'
    ? page('text/plain', asText(document))
    : page('text/html', asHtml(document, await dataUris(document.charts, logger)));
}

const page = (type: string, body: string) => ({
  statusCode: 200,
  headers: { 'content-type': `${type}; charset=utf-8` },
  body,
});
