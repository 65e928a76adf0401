import { expect, test } from 'vitest';
import { strategy } from '../strategy.ts';
import { figures, startSynchronising } from '../sync/synchronising.ts';

const { url, synced, database } = await startSynchronising();
const RATES = ['--quote-usd', 'EUR=1.08,BTC=97000'];

test('what strategy sync has sent agrees with freqtrade, but for what freqtrade does not price as it was paid', async () => {
  const file = await database();
  await synced(file, '--bot', 'synced', ...RATES);
  const { stdout } = await strategy(['reconcile', '--url', url, '--bot', 'synced', '--json', ...RATES, file]);
  const { compared, agreed, differences } = JSON.parse(stdout);
  expect(compared).toBeGreaterThanOrEqual(figures.trades);
  expect({ agreed: compared - agreed, differences }).toMatchObject({ agreed: 1, differences: [{ trade: 'trade 5' }] });
});
