import type { Database } from '../../database/database.ts';
import { daysToMature } from '../../statistics/hold-times.ts';
import { dayAfter } from '../../summaries/days.ts';
import type { SymbolEvidence, Symbols } from '../contract.ts';
import { alphaOfSymbols, evidenceOn } from './evidence.ts';
import * as store from './store.ts';

/** What the data say about each symbol of the active configuration, in all its periods: which lose and which earn, beyond luck.
 *  @param through the last completed trading day */
export async function symbolsOf(
  database: Database,
  botId: string,
  { to, completed }: { to: string; completed: string },
): Promise<Symbols> {
  const arm = { to, through: completed };
  const traded = await store.tradedSymbols(database, botId, arm);
  const alpha = alphaOfSymbols(traded);
  const measured: SymbolEvidence[] = [];
  for await (const { symbol, started_on, hold_time_buckets, days } of store.symbolDays(database, botId, arm)) {
    // Trades count on the day they close, so the first days have few slow trades, and losses often close sooner than gains.
    const matureFrom = dayAfter(started_on, daysToMature([hold_time_buckets]));
    const evidence = evidenceOn(
      days.filter(({ date }) => date >= matureFrom),
      alpha,
    );
    if (evidence) measured.push({ symbol, ...evidence });
  }
  return {
    traded,
    measured: measured.length,
    alpha,
    losing: measured.filter(({ upper_usd }) => upper_usd < 0).toSorted((a, b) => a.total_pnl_usd - b.total_pnl_usd),
    earning: measured.filter(({ lower_usd }) => lower_usd > 0).toSorted((a, b) => b.total_pnl_usd - a.total_pnl_usd),
  };
}
