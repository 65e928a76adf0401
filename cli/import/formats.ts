import type { Format } from './format.ts';
import { ccxtTrades } from './formats/ccxt-trades.ts';
import { coinbaseFills } from './formats/coinbase-fills.ts';
import { coinbaseOrders } from './formats/coinbase-orders.ts';
import { coinbaseStatement } from './formats/coinbase-statement.ts';
import { freqtradeRuns } from './formats/freqtrade-runs.ts';
import { freqtradeTrades } from './formats/freqtrade-trades.ts';
import { hummingbotControllers } from './formats/hummingbot-controllers.ts';
import { hummingbotFills } from './formats/hummingbot-fills.ts';
import { hummingbotFunding } from './formats/hummingbot-funding.ts';
import { strategySnapshots } from './formats/strategy-snapshots.ts';
import { tradeRecords } from './formats/trade-records.ts';
import { tradeStrategyLink } from './formats/trade-strategy-link.ts';

/** Every format, in the order in which they are tried. */
export const formats: readonly Format[] = [
  freqtradeTrades,
  freqtradeRuns,
  coinbaseFills,
  coinbaseOrders,
  coinbaseStatement,
  ccxtTrades,
  hummingbotFills,
  hummingbotFunding,
  hummingbotControllers,
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
  throw new Error(`${name} is not in a known format. ${nearestTo(columns, candidates)}`);
}

/** Names the format with the most fields in the table and what the table lacks for it; or all formats, when it has next to nothing of any. */
function nearestTo(columns: ReadonlySet<string>, candidates: readonly Format[]): string {
  const has = `It has the columns ${[...columns].join(', ')}`;
  const [nearest] = candidates.toSorted(
    (a, b) => b.matched(columns) - a.matched(columns) || a.missing(columns).length - b.missing(columns).length,
  );
  if (!nearest || (nearest.matched(columns) < 2 && candidates.length > 1))
    return `${has}, which fit none of ${candidates.map(({ name }) => name).join(', ')}`;
  return `${has}. It is most like ${nearest.name} (${nearest.what}), but has no ${nearest.missing(columns).join(' and no ')}`;
}
