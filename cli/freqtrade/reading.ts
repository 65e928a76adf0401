import * as z from 'zod';
import { issuesOf } from '../../functions/contract/issues.ts';
import type { KnownSettings, Reading } from '../sync/source.ts';
import { type Execution, executionsOf } from './executions.ts';
import type { FreqtradeTrade } from './trade.ts';

/** Reads trades one by one, and reports those that cannot be read. */
export async function readingOf(
  name: string,
  trades: AsyncIterable<() => FreqtradeTrade>,
  onTrades: (trades: number) => void,
): Promise<Reading> {
  const executions: Execution[] = [];
  const unreadable: { place: string; reason: string }[] = [];
  const settings: KnownSettings[] = [];
  let count = 0;
  for await (const parse of trades) {
    count += 1;
    try {
      const trade = parse();
      const own = executionsOf(trade, name);
      executions.push(...own);
      const [first] = own;
      if (first) settings.push(settingsOf(trade, first.fill.placed_at ?? first.fill.filled_at));
    } catch (error) {
      if (!(error instanceof z.ZodError)) throw error;
      const reason = issuesOf(error, '/').map(({ path, message }) => `${path} ${message}`);
      unreadable.push({ place: `trade ${count}`, reason: reason.join('; ') });
    }
    if (count % 100 === 0) onTrades(count);
  }
  onTrades(count);
  return { name, executions, unreadable, settings: changesOnly(settings), current: null };
}

/** What a trade says about the settings that made it. */
const settingsOf = ({ strategy, timeframe, exchange }: FreqtradeTrade, active_from: string): KnownSettings => ({
  config: { strategy: strategy ?? 'unknown', exchange, timeframe: timeframe === null ? null : Number(timeframe) },
  notes: strategy ?? 'A strategy of freqtrade',
  active_from,
});

/** The first of each period with the same settings. */
function changesOnly(settings: readonly KnownSettings[]): KnownSettings[] {
  const inOrder = settings.toSorted((a, b) => (a.active_from < b.active_from ? -1 : 1));
  return inOrder.filter(
    ({ config }, at) => at === 0 || JSON.stringify(config) !== JSON.stringify(inOrder[at - 1]?.config),
  );
}
