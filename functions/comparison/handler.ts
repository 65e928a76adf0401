import { endpoint, serve } from '../http/endpoint.ts';
import { compareStrategies, historyOf, planFor } from './comparison.ts';
import * as contract from './contract.ts';
import { comparisonSettings } from './settings.ts';

const settings = comparisonSettings();

export const handler = serve([
  endpoint(contract.compareStrategies, ({ query }, { database, now }) =>
    compareStrategies(database, { ...query, settings, at: now().toISOString() }),
  ),
  endpoint(contract.getComparisonHistory, ({ query }, { database, now }) =>
    historyOf(database, { ...query, settings, at: now().toISOString() }),
  ),
  endpoint(contract.planComparison, ({ query: { bot_id, effect } }, { database, now }) =>
    planFor(database, { bot_id, settings, at: now().toISOString() }, Number(effect)),
  ),
]);
