import { expect, test } from 'vitest';
import { strategy } from '../strategy.ts';
import { figures, startSynchronising } from '../sync/synchronising.ts';

const { service, url, synced, database } = await startSynchronising();
const RATES = ['--quote-usd', 'EUR=1.08,BTC=97000'];

test('what strategy sync has sent agrees with freqtrade, but for what freqtrade does not price as it was paid', async () => {
  const file = await database();
  await synced(file, '--bot', 'synced', ...RATES);
  const { stdout } = await strategy(['reconcile', '--url', url, '--bot', 'synced', '--json', ...RATES, file]);
  const { compared, agreed, differences } = JSON.parse(stdout);
  expect(compared).toBeGreaterThanOrEqual(figures.trades);
  expect({ agreed: compared - agreed, differences }).toMatchObject({ agreed: 1, differences: [{ trade: 'trade 5' }] });
});

test('trades that are only here are listed, and those that are here twice are named so', async () => {
  const file = await database();
  await synced(file, '--bot', 'more', '--name', 'one', ...RATES);
  await synced(file, '--bot', 'more', '--name', 'freqtrade', ...RATES);
  const fill = (side: string, hour: number) => ({
    ...{ bot_id: 'more', fill_id: `own-${side}`, order_id: `own-${side}`, symbol: 'XYZ-USD', side, price: `${hour}` },
    ...{ size: '2', fee_usd: '0', filled_at: `2026-03-05T0${hour}:00:00Z` },
  });
  await service.call('POST /fills', { body: [fill('buy', 1), fill('sell', 4)] });
  const args = ['reconcile', '--url', url, '--bot', 'more', '--dry-run', ...RATES, file];
  const { compared, only_here } = JSON.parse((await strategy([...args, '--json'])).stdout);
  expect(only_here).toHaveLength(compared + 1);
  const reasons = only_here.map(({ reason }: { reason: string }) => reason);
  expect(reasons.filter((reason: string) => reason === 'twice, under other ids')).toHaveLength(compared);
  expect((await strategy(args)).stdout).toMatch(/^ {2}\S+ +2026-03-05 04:00 +XYZ-USD +\$6\.00 +not in the file$/m);
});
