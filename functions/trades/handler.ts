import { endpoint, serve } from '../http/endpoint.ts';
import { correctFill, getTrade, listCorrections, listPositions, listTrades, recordFills } from './contract.ts';
import * as corrections from './corrections.ts';
import { getCoverage, recordReconciliation } from './data-quality/contract.ts';
import { recentCoverage } from './data-quality/coverage.ts';
import * as reconciliations from './data-quality/reconciliations.ts';
import * as positions from './positions.ts';
import { recordFills as record } from './recording.ts';
import * as details from './trade-detail.ts';
import * as trades from './trades.ts';

export const handler = serve([
  endpoint(recordFills, ({ body }, { database, now }) => record(database, body, now())),
  endpoint(correctFill, ({ body }, { database, now }) => corrections.correctFill(database, body, now())),
  endpoint(listCorrections, ({ query }, { database }) => corrections.listCorrections(database, query)),
  endpoint(listTrades, ({ query }, { database }) => trades.listTrades(database, query)),
  endpoint(getTrade, ({ path }, { database }) => details.tradeById(database, path.trade_id)),
  endpoint(listPositions, ({ query }, { database }) => positions.listPositions(database, query)),
  endpoint(recordReconciliation, ({ body }, { database, now }) =>
    reconciliations.recordReconciliation(database, body, now()),
  ),
  endpoint(getCoverage, ({ query }, { database, now }) =>
    recentCoverage(database, query.bot_id, { hours: query.hours, now: now() }),
  ),
]);
