import { evidenceFor, latestStrategies } from '../comparison/comparison.ts';
import type { ComparisonSettings } from '../comparison/settings.ts';
import type { Database } from '../database/database.ts';
import { coverageBetween } from '../trades/trades.ts';
import type { DailyReport, DailySection } from './contract.ts';
import { byDimension } from './groups/groups.ts';
import { tradeGroups } from './groups/store.ts';
import { correctionOf } from './mailed/correction.ts';
import { lateChanges } from './mailed/store.ts';
import { sectionsOf } from './sections.ts';
import * as store from './store.ts';
import { type ReportRequest, type ReportWindow, windowOf } from './window.ts';

/** How many strategies are told of: in figures, and as curves. */
export const STRATEGIES = 10;
const CURVES = 3;

/** The report of a trading day, everything as it stood when the day ended: the same whenever it is asked for. Open positions
 *  alone are as of now. @throws InvalidInput when the day has not begun */
export async function reportFor(
  database: Database,
  request: ReportRequest,
  mayGoOn: () => boolean,
): Promise<DailyReport> {
  const window = await windowOf(database, request, { days: 1, mayGoOn });
  const bots = await sectionsOf(window.bots, (bot_id) =>
    sectionOf(database, { bot_id, window, settings: request.settings }),
  );
  const { last: date, complete, time_zone, from, to } = window;
  return { kind: 'daily', date, complete, time_zone, from, to, bots };
}

interface Of {
  readonly bot_id: string;
  readonly window: ReportWindow;
  readonly settings: ComparisonSettings;
}

async function sectionOf(database: Database, { bot_id, window, settings }: Of): Promise<DailySection> {
  const asked = { bot_id, settings, at: window.to, through: window.last };
  const strategies = await latestStrategies(database, { ...asked, limit: STRATEGIES });
  const drawn = strategies.slice(0, CURVES).map(({ snapshot_id }) => snapshot_id);
  const [day, outside, evidence, correction, points, groups, excluded_but_bought, coverage, open, late, state] =
    await Promise.all([
      store.performance(database, bot_id, window),
      store.tradesOutside(database, bot_id, window),
      evidenceFor(database, { ...asked, through: window.completed }),
      correctionOf(database, { bot_id, settings, before: window.last }),
      store.curves(database, drawn, window.last),
      tradeGroups(database, bot_id, window),
      store.excludedButBought(database, bot_id, window),
      coverageBetween(database, bot_id, window),
      store.openPositions(database, bot_id),
      lateChanges(database, bot_id, window.last),
      store.stateOf(database, bot_id, window),
    ]);
  return {
    bot_id,
    day,
    outside,
    verdict: evidence?.verdict ?? null,
    correction,
    changes: evidence?.changes ?? [],
    looks: evidence?.looks ?? [],
    strategies,
    curves: drawn.map((id) => ({
      snapshot_id: id,
      points: points.flatMap(({ snapshot_id, ...point }) => (snapshot_id === id ? [point] : [])),
    })),
    ...byDimension(groups, { by_trigger: 'trigger', by_symbol: 'symbol', by_hour: 'hour', by_outcome: 'outcome' }),
    excluded_but_bought,
    coverage,
    open_positions: open,
    late_changes: late,
    ...state,
  };
}
