import { latestStrategies, verdictFor } from '../comparison/comparison.ts';
import type { ComparisonSettings } from '../comparison/settings.ts';
import type { Database } from '../database/database.ts';
import { experimentsBetween } from '../experiments/experiments.ts';
import { outboxOf } from '../service/outboxes.ts';
import { dayAfter } from '../summaries/days.ts';
import { coverageBetween } from '../trades/data-quality/coverage.ts';
import { reconciliationsOf } from '../trades/data-quality/reconciliations.ts';
import type { WeeklyReview, WeeklySection } from './contract.ts';
import { byDimension } from './groups/groups.ts';
import { signalGroups, tradeGroups } from './groups/store.ts';
import { MOST_STRATEGIES } from './report.ts';
import { sectionsOf } from './sections.ts';
import * as store from './store.ts';
import { symbolsOf } from './symbols/symbols.ts';
import { waysOf } from './ways.ts';
import { type ReportRequest, type ReportWindow, windowOf } from './window.ts';

const WEEK_DAYS = 7;

/** Makes the review of the seven trading days up to the requested one. @throws InvalidInput when that day has not begun */
export async function reviewFor(
  database: Database,
  request: ReportRequest,
  mayContinue: () => boolean,
): Promise<WeeklyReview> {
  const window = await windowOf(database, request, { days: WEEK_DAYS, mayContinue });
  const ways = await waysOf(database, window, request);
  const bots = await sectionsOf(window.bots, (bot_id) => sectionOf(database, bot_id, window, request.settings));
  const { last: date, complete, time_zone, from, to, next_cursor, left_out } = window;
  return { kind: 'weekly', date, complete, time_zone, from, to, ...ways, bots, next_cursor, left_out };
}

async function sectionOf(
  database: Database,
  bot_id: string,
  window: ReportWindow,
  settings: ComparisonSettings,
): Promise<WeeklySection> {
  const request = { bot_id, settings, at: window.to, through: window.last };
  const before = { first: dayAfter(window.first, -WEEK_DAYS), last: dayAfter(window.first, -1) };
  const [
    week,
    week_before,
    outside,
    verdict,
    strategies,
    days,
    trades,
    signals,
    symbols,
    excluded_but_bought,
    coverage,
    state,
    experiments,
    reconciliations,
    outbox,
  ] = await Promise.all([
    store.performance(database, bot_id, window),
    store.performance(database, bot_id, before),
    store.tradesOutside(database, bot_id, window),
    verdictFor(database, { ...request, through: window.completed }),
    latestStrategies(database, { ...request, limit: MOST_STRATEGIES }),
    store.days(database, bot_id, { first: before.first, last: window.last }),
    tradeGroups(database, bot_id, window),
    signalGroups(database, bot_id, window),
    symbolsOf(database, bot_id, window),
    store.excludedButBought(database, bot_id, window),
    coverageBetween(database, bot_id, window),
    store.stateOf(database, bot_id, window),
    experimentsBetween(database, bot_id, { ...window, material: settings.material }),
    reconciliationsOf(database, bot_id),
    outboxOf(database, bot_id),
  ]);
  const groups = byDimension([...trades, ...signals], {
    by_trigger: 'trigger',
    by_symbol: 'symbol',
    by_hour: 'hour',
    by_outcome: 'outcome',
    by_score: 'score',
    by_indicator_count: 'indicator_count',
    by_indicator: 'indicator',
  });
  return {
    bot_id,
    week,
    week_before,
    outside,
    verdict,
    experiments,
    strategies,
    days,
    ...groups,
    symbols,
    excluded_but_bought,
    coverage,
    reconciliations,
    outbox,
    ...state,
  };
}
