import { comparisonSettings } from '../comparison/settings.ts';
import { endpoint, json, serve } from '../http/endpoint.ts';
import { getReport } from './contract.ts';
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
      // Loaded by whom it is drawn for, not by every start.
      const { shown } = await import('./rendered.ts');
      return shown(report, format, logger);
    },
    (answer) => answer,
  ),
]);
