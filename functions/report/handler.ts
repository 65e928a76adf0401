import { comparisonSettings } from '../comparison/settings.ts';
import { endpoint, json, serve } from '../http/endpoint.ts';
import { getReport } from './contract.ts';
import { asHtml } from './document/as-html.ts';
import { asText } from './document/as-text.ts';
import { documentOf } from './document/document.ts';
import { dataUris } from './pictures/data-uris.ts';
import { reportFor } from './report.ts';
import { reviewFor } from './review.ts';

/** How long the report may bring days up to date, in milliseconds, inside API Gateway's 30 s. */
const CATCH_UP_MS = 12_000;

const settings = comparisonSettings();

export const handler = serve([
  endpoint(
    getReport,
    async ({ query: { bot_id, date, kind, format } }, { database, logger, now }) => {
      const began = now();
      const mayGoOn = () => now().getTime() - began.getTime() < CATCH_UP_MS;
      const reported = { daily: reportFor, weekly: reviewFor }[kind];
      const report = await reported(database, { date, botId: bot_id, now: began, settings }, mayGoOn);
      if (format === 'json') return json(report);
      const document = documentOf(report);
      return format === 'text'
        ? page('text/plain', asText(document))
        : page('text/html', asHtml(document, await dataUris(document.pictures, logger)));
    },
    (shown) => shown,
  ),
]);

const page = (type: string, body: string) => ({
  statusCode: 200,
  headers: { 'content-type': `${type}; charset=utf-8` },
  body,
});
