const DAYS = 7;

/** A bot whose only trade has just been closed. */
export const NEW_BOT = 'new';

/** A name of wide characters and with an escape sequence that would turn the screen red. */
export const WIDE_NAME =
  '設定の変更その二：買いの目標を五に下げる \u001b[31mred\u001b[0m alert alert alert alert alert';

/** A bot with enough snapshots that the ids of two start with the same digit. */
export const BUSY_BOT = 'busy';
const HEX_DIGITS = 16;

/** The ids of the snapshots that {@link recordHistory} records. */
export interface Recorded {
  readonly old: string;
  readonly changed: string;
}

/** Records a week of old settings and a week of new ones. */
export async function recordHistory(api: string): Promise<Recorded> {
  const post = postTo(api);
  const config = { score_buy_target: 5.5, indicator_weights: { rsi: 2.5 } };
  const old = await post('/snapshots', { config, notes: 'The old settings', active_from: '2026-03-01T00:00:00Z' });
  const changed = await post('/snapshots', {
    config: { ...config, score_buy_target: 5 },
    notes: WIDE_NAME,
    active_from: '2026-03-08T00:00:00Z',
  });
  await post('/fills', Array.from({ length: 2 * DAYS }, (_, i) => tradeOn(i + 1)).flat());
  await post('/summaries', { from: '2026-03-01', to: '2026-03-14' });
  await post('/fills', fill('now', 'buy', { price: '100', filled_at: new Date().toISOString(), source: 'bot' }));
  return { old: old.snapshot_id, changed: changed.snapshot_id };
}

/** @returns the ids of the snapshots of the busy bot */
export async function recordManySnapshots(api: string): Promise<string[]> {
  const post = postTo(api);
  const ids: string[] = [];
  for (let n = 0; n <= HEX_DIGITS; n += 1)
    ids.push((await post('/snapshots', { bot_id: BUSY_BOT, config: { n } })).snapshot_id);
  return ids;
}

/** Records a new bot, which trades before its first day is over. */
export async function recordFirstDay(api: string): Promise<void> {
  const post = postTo(api);
  const [at, today] = [new Date().toISOString(), new Date().toISOString().slice(0, 10)];
  const trade = [
    fill('first-buy', 'buy', { price: '100', filled_at: at }),
    fill('first-sell', 'sell', { price: '103', filled_at: at }),
  ];
  await post('/snapshots', { bot_id: NEW_BOT, config: { score_buy_target: 5 }, active_from: `${today}T00:00:00Z` });
  await post(
    '/fills',
    trade.map((each) => ({ bot_id: NEW_BOT, ...each })),
  );
  await post('/summaries', { bot_id: NEW_BOT, from: today });
}

function postTo(api: string) {
  return async (path: string, body: unknown): Promise<{ readonly snapshot_id: string }> => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${api}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(await response.text());
    return (await response.json()) as { snapshot_id: string };
  };
}

/** Bought at 100 in the morning, sold an hour later: at a gain on even days and at a loss on odd ones. */
function tradeOn(day: number) {
  const date = `2026-03-${String(day).padStart(2, '0')}`;
  const price = day % 2 === 0 ? '103' : '99';
  return [
    fill(`${date}-buy`, 'buy', { price: '100', filled_at: `${date}T09:00:00Z` }),
    fill(`${date}-sell`, 'sell', { price, filled_at: `${date}T10:00:00Z` }),
  ];
}

const fill = (id: string, side: 'buy' | 'sell', more: object) => ({
  ...{ fill_id: id, order_id: id, symbol: 'BTC-USD', side, size: '1', fee_usd: '0' },
  ...more,
});
