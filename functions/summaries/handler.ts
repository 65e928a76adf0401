import { endpoint, serve } from '../http/endpoint.ts';
import { getDailyPnl, listSummaries, summariseDays } from './contract.ts';
import { dailyPnl } from './daily-pnl.ts';
import * as summaries from './summaries.ts';

export const handler = serve([
  endpoint(summariseDays, ({ body }, { database, now }) => summaries.summariseDays(database, body, now)),
  endpoint(listSummaries, ({ query }, { database }) => summaries.listSummaries(database, query)),
  endpoint(getDailyPnl, ({ query }, { database }) => dailyPnl(database, query)),
]);
