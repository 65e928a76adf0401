import { endpoint, serve } from '../http/endpoint.ts';
import {
  correctFill,
  getCoverage,
  getTrade,
  listCorrections,
  listPositions,
  listTrades,
  recordFills,
  recordReconciliation,
} from './contract.ts';
import * as corrections from './corrections.ts';
import * as positions from './positions.ts';
import * as reconciliations from './reconciliations.ts';
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
    trades.recentCoverage(database, query.bot_id, { hours: query.hours, now: now() }),
  ),
]);
