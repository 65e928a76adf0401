import { endpoint, serve } from '../http/endpoint.ts';
import { compareStrategies } from './comparison.ts';
import * as contract from './contract.ts';

export const handler = serve([
  endpoint(contract.compareStrategies, ({ query }, { database, now }) =>
    compareStrategies(database, query.bot_id, { at: now().toISOString(), through: 'infinity', limit: query.limit }),
  ),
]);
