import { evidenceFor, latestStrategies } from '../comparison/comparison.ts';
import type { ComparisonSettings } from '../comparison/settings.ts';
import type { Database } from '../database/database.ts';
import { experimentsBetween } from '../experiments/experiments.ts';
import { outboxOf } from '../service/outboxes.ts';
import { coverageBetween } from '../trades/data-quality/coverage.ts';
import { reconciliationsOf } from '../trades/data-quality/reconciliations.ts';
import type { DailyReport, DailySection } from './contract.ts';
import { byDimension } from './groups/groups.ts';
import { tradeGroups } from './groups/store.ts';
import { correctionOf } from './mailed/correction.ts';
import { lateChanges } from './mailed/store.ts';
import { sectionsOf } from './sections.ts';
import * as store from './store.ts';
import { symbolsOf } from './symbols/symbols.ts';
import { waysOf } from './ways.ts';
import { type ReportRequest, type ReportWindow, windowOf } from './window.ts';

/** Most strategies in a report. */
export const MOST_STRATEGIES = 10;
/** Most equity curves in a report. */
const MOST_CURVES = 3;

/** Makes the report of a trading day as of the end of that day, so that it is the same whenever it is requested. Only open positions
 *  are as of now. @throws InvalidInput when the day has not begun */
export async function reportFor(
  database: Database,
  request: ReportRequest,
  mayContinue: () => boolean,
): Promise<DailyReport> {
  const window = await windowOf(database, request, { days: 1, mayContinue });
  const ways = await waysOf(database, window, request);
  const bots = await sectionsOf(window.bots, (bot_id) =>
    sectionOf(database, { bot_id, window, settings: request.settings }),
  );
  const { last: date, complete, time_zone, from, to, next_cursor, left_out } = window;
  return { kind: 'daily', date, complete, time_zone, from, to, ...ways, bots, next_cursor, left_out };
}

interface SectionRequest {
  readonly bot_id: string;
  readonly window: ReportWindow;
  readonly settings: ComparisonSettings;
}

async function sectionOf(database: Database, { bot_id, window, settings }: SectionRequest): Promise<DailySection> {
  const request = { bot_id, settings, at: window.to, through: window.last };
  const strategies = await latestStrategies(database, { ...request, limit: MOST_STRATEGIES });
  const withCurve = strategies.slice(0, MOST_CURVES).map(({ snapshot_id }) => snapshot_id);
  const [
    day,
    outside,
    evidence,
    correction,
    points,
    groups,
    symbols,
    excluded_but_bought,
    coverage,
    open,
    late,
    state,
    experiments,
    reconciliations,
    outbox,
  ] = await Promise.all([
    store.performance(database, bot_id, window),
    store.tradesOutside(database, bot_id, window),
    evidenceFor(database, { ...request, through: window.completed }),
    correctionOf(database, { bot_id, settings, before: window.last }),
    store.curves(database, withCurve, window.last),
    tradeGroups(database, bot_id, window),
    symbolsOf(database, bot_id, window),
    store.excludedButBought(database, bot_id, window),
    coverageBetween(database, bot_id, window),
    store.openPositions(database, bot_id),
    lateChanges(database, bot_id, window.last),
    store.stateOf(database, bot_id, window),
    experimentsBetween(database, bot_id, { ...window, material: settings.material }),
    reconciliationsOf(database, bot_id),
    outboxOf(database, bot_id),
  ]);
  return {
    bot_id,
    day,
    outside,
    verdict: evidence?.verdict ?? null,
    experiments,
    correction,
    changes: evidence?.changes ?? [],
    targets: evidence?.targets ?? [],
    looks: evidence?.looks ?? [],
    strategies,
    curves: withCurve.map((id) => ({
      snapshot_id: id,
      points: points.flatMap(({ snapshot_id, ...point }) => (snapshot_id === id ? [point] : [])),
    })),
    ...byDimension(groups, { by_trigger: 'trigger', by_symbol: 'symbol', by_hour: 'hour', by_outcome: 'outcome' }),
    symbols,
    excluded_but_bought,
    coverage,
    open_positions: open,
    late_changes: late,
    reconciliations,
    outbox,
    ...state,
  };
}
