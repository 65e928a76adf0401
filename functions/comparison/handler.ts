import { endpoint, serve } from '../http/endpoint.ts';
import { lastCompletedDay } from '../summaries/summaries.ts';
import { compareStrategies, historyOf, planFor } from './comparison.ts';
import * as contract from './contract.ts';
import { comparisonSettings } from './settings.ts';

const settings = comparisonSettings();

export const handler = serve([
  endpoint(contract.compareStrategies, async ({ query }, { database, now }) => {
    const at = now().toISOString();
    return compareStrategies(database, {
      ...query,
      settings,
      at,
      through: 'infinity',
      completed: await lastCompletedDay(database, at),
    });
  }),
  endpoint(contract.getComparisonHistory, async ({ query }, { database, now }) => {
    const at = now().toISOString();
    return historyOf(database, { ...query, settings, at, through: await lastCompletedDay(database, at) });
  }),
  endpoint(contract.planComparison, async ({ query: { bot_id, effect } }, { database, now }) => {
    const at = now().toISOString();
    return planFor(database, { bot_id, settings, at, through: await lastCompletedDay(database, at) }, Number(effect));
  }),
]);
