import type { Format } from './format.ts';
import { coinbaseFills } from './formats/coinbase-fills.ts';
import { coinbaseOrders } from './formats/coinbase-orders.ts';
import { freqtradeRuns } from './formats/freqtrade-runs.ts';
import { freqtradeTrades } from './formats/freqtrade-trades.ts';
import { strategySnapshots } from './formats/strategy-snapshots.ts';
import { tradeRecords } from './formats/trade-records.ts';
import { tradeStrategyLink } from './formats/trade-strategy-link.ts';

/** Every format, in the order in which they are tried. */
export const formats: readonly Format[] = [
  freqtradeTrades,
  freqtradeRuns,
  coinbaseFills,
  coinbaseOrders,
  tradeRecords,
  strategySnapshots,
  tradeStrategyLink,
];

/** The format of a table, by its columns, or the one that `--format` names.
 *  @throws Error that names the columns that were not found */
export function recognised(name: string, columns: ReadonlySet<string>, forced: string | undefined): Format {
  const candidates = forced === undefined ? formats : formats.filter((each) => each.name === forced);
  const found = candidates.find((each) => each.missing(columns).length === 0);
  if (found) return found;
  const hits = (each: Format) => each.needs - each.missing(columns).length;
  const [nearest] = candidates.toSorted((a, b) => hits(b) - hits(a));
  throw new Error(
    `${name} is not in a known format. It has the columns ${[...columns].join(', ')}; ` +
      `for ${nearest?.name} it has no ${nearest?.missing(columns).join(' and no ')}`,
  );
}
