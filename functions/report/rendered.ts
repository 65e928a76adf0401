import type { Logger } from '@aws-lambda-powertools/logger';
import { chartDataUris } from './charts/data-uris.ts';
import type { Report } from './contract.ts';
import { asHtml } from './document/as-html.ts';
import { asText } from './document/as-text.ts';
import { type Detail, documentOf } from './document/document.ts';

/** Renders a report as HTML or plain text. Imported on demand: the chart renderer is two thirds of a function's code. */
export async function renderReport(
  report: Report,
  { format, detail }: { format: 'html' | 'text'; detail: Detail },
  logger: Logger,
) {
  const document = documentOf(report, detail);
  return format === 'text'
    ? page('text/plain', asText(document))
    : page('text/html', asHtml(document, await chartDataUris(document.charts, logger)));
}

const page = (type: string, body: string) => ({
  statusCode: 200,
  headers: { 'content-type': `${type}; charset=utf-8` },
  body,
});
