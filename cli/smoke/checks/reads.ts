import { compareStrategies } from '../../../functions/comparison/contract.ts';
import { operations } from '../../../functions/operations.ts';
import { getReport } from '../../../functions/report/contract.ts';
import { getOpenApi } from '../../../functions/service/contract.ts';
import { listTrades } from '../../../functions/trades/contract.ts';
import { getCoverage } from '../../../functions/trades/data-quality/contract.ts';
import type { Api } from '../../service/api.ts';
import type { Checklist } from '../checklist.ts';
import { expectToInclude } from '../expectation.ts';
import type { SmokeTrade } from '../trade.ts';

/** Checks that every read operation returns the written records. */
export async function checkReads(
  { check }: Checklist,
  api: Api,
  { bot_id, day, entry, closed }: SmokeTrade,
): Promise<void> {
  const performance = { snapshot_id: entry.snapshot_id, total_trades: 1, winning_trades: 1, total_pnl: 7 };

  await check('GET /comparison', async () => {
    const { body } = await api(compareStrategies, { query: { bot_id } });
    const { strategies } = body as { readonly strategies: readonly { readonly snapshot_id: string }[] };
    expectToInclude(
      strategies.find(({ snapshot_id }) => snapshot_id === entry.snapshot_id),
      performance,
    );
  });
  await check('GET /trades', async () => {
    expectToInclude((await api(listTrades, { query: { bot_id } })).body, { trades: [closed], next_cursor: null });
  });
  await check('GET /coverage', async () => {
    const coverage = { orders: 2, linked: 1, by_time: 1, none: 0, manual: 0, link_rate: 50 };
    expectToInclude((await api(getCoverage, { query: { bot_id } })).body, coverage);
  });
  await check('GET /report?format=json', async () => {
    const { body } = await api(getReport, { query: { bot_id, date: day, format: 'json' } });
    expectToInclude(body, { date: day, bots: [{ bot_id, day: { total_trades: 1, total_pnl_usd: 7 } }] });
  });
  await check('GET /openapi.json has every operation', async () => {
    const { paths } = (await api(getOpenApi)).body as {
      readonly paths?: Readonly<Record<string, Readonly<Record<string, object>>>>;
    };
    const missing = operations.filter(({ method, path }) => !paths?.[path]?.[method.toLowerCase()]);
    if (missing.length > 0) throw new Error(`missing: ${missing.map(({ id }) => id).join(', ')}`);
  });
}
