import { comparisonSettings } from '../comparison/settings.ts';
import { endpoint, json, serve } from '../http/endpoint.ts';
import { asHtml } from './as-html.ts';
import { asText } from './as-text.ts';
import { getReport } from './contract.ts';
import { reportFor } from './report.ts';

/** How long the report may bring days up to date, in milliseconds, inside API Gateway's 30 s. */
const CATCH_UP_MS = 12_000;

const settings = comparisonSettings();

export const handler = serve([
  endpoint(
    getReport,
    async ({ query }, { database, now }) => {
      const began = now();
      const mayGoOn = () => now().getTime() - began.getTime() < CATCH_UP_MS;
      return {
        format: query.format,
        report: await reportFor(database, { date: query.date, botId: query.bot_id, now: began, settings }, mayGoOn),
      };
    },
    ({ format, report }) => {
      if (format === 'json') return json(report);
      const [contentType, body] = format === 'html' ? ['text/html', asHtml(report)] : ['text/plain', asText(report)];
      return { statusCode: 200, headers: { 'content-type': `${contentType}; charset=utf-8` }, body };
    },
  ),
]);
