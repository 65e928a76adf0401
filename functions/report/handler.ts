import { comparisonSettings } from '../comparison/settings.ts';
import { endpoint, json, serve } from '../http/endpoint.ts';
import { getReport, unblockRecipient } from './contract.ts';
import * as blocked from './delivery/blocked.ts';
import { groupTrades } from './groups/contract.ts';
import { tradesInGroups } from './groups/grouping.ts';
import { reportFor } from './report.ts';
import { reviewFor } from './review.ts';

/** Time to bring days up to date, in milliseconds: part of API Gateway's 30 s. */
const CATCH_UP_MS = 12_000;

const settings = comparisonSettings();

export const handler = serve([
  endpoint(
    getReport,
    async ({ query: { bot_id, date, kind, format, detail, ...page }, bots }, { database, logger, now }) => {
      const began = now();
      const mayContinue = () => now().getTime() - began.getTime() < CATCH_UP_MS;
      const makeReport = { daily: reportFor, weekly: reviewFor }[kind];
      const report = await makeReport(
        database,
        { date, botId: bot_id, among: bots, page, now: began, settings },
        mayContinue,
      );
      if (format === 'json') return json(report);
      // Loaded on demand, to keep the chart renderer out of the cold start.
      const { renderReport } = await import('./rendered.ts');
      return renderReport(report, { format, detail }, logger);
    },
    (response) => response,
  ),
  endpoint(unblockRecipient, ({ body }, { database }) => blocked.unblockRecipient(database, body)),
  endpoint(groupTrades, ({ query }, { database }) => tradesInGroups(database, query)),
]);
