import { endpoint, serve } from '../http/endpoint.ts';
import { correctFill, getCoverage, listCorrections, listTrades, recordFills } from './contract.ts';
import * as corrections from './corrections.ts';
import * as trades from './trades.ts';

export const handler = serve([
  endpoint(recordFills, ({ body }, { database, now }) => trades.recordFills(database, body, now())),
  endpoint(correctFill, ({ body }, { database, now }) => corrections.correctFill(database, body, now())),
  endpoint(listCorrections, ({ query }, { database }) => corrections.listCorrections(database, query)),
  endpoint(listTrades, ({ query }, { database }) => trades.listTrades(database, query)),
  endpoint(getCoverage, ({ query }, { database, now }) =>
    trades.recentCoverage(database, query.bot_id, { hours: query.hours, now: now() }),
  ),
]);
