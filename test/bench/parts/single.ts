import { market, next } from '../market.ts';
import { measured, median, timed } from '../measure.ts';
import type { Part } from '../part.ts';

const BACK = 10_000;
const SYMBOL = 'C00-USD';

/** Measures single fills and links, next to a request that reads one row, and fills far in the past of a symbol: one that shifts all later
 *  matches, and one for which a sell was waiting. */
export const single: Part = async ({ call, sql, quick, progress }) => {
  const times = quick ? 30 : 200;
  const snapshot = await call('POST', '/snapshots', { config: { rsi: 1 }, active_from: '2020-01-01T00:00:00Z' });
  const { snapshot_id } = snapshot as { readonly snapshot_id: string };
  progress('one fill, one link, one read, one SELECT 1, in turns');
  const stream = market({ seed: 2, from: '2026-01-01T00:00:00Z', perDay: 60 });
  await call('POST', '/fills', next(stream, 1000));
  const [fills, links, reads, ones]: [number[], number[], number[], number[]] = [[], [], [], []];
  for (let i = 0; i < times; i++) {
    const fill = next(stream, 1)[0];
    ones.push(await timed(() => sql('SELECT 1')));
    reads.push(await timed(() => call('GET', `/snapshots/${snapshot_id}`)));
    fills.push(await timed(() => call('POST', '/fills', fill)));
    links.push(
      await timed(() => call('POST', '/trade-links', { order_id: fill?.order_id, buy_score: '6.5', trigger: 'SCORE' })),
    );
  }
  const against = { what: 'SELECT 1 through the Data API', value: median(ones) };

  const depth = quick ? BACK / 5 : BACK;
  progress(`${depth.toLocaleString('en-US')} fills of one symbol`);
  const at = (second: number) => new Date(Date.parse('2026-06-01T00:00:00Z') + second * 1000).toISOString();
  const fillAt = (n: number, name: string, side: string) => ({
    fill_id: name,
    order_id: name,
    symbol: SYMBOL,
    side,
    price: '100',
    size: '1',
    fee_usd: '0.01',
    filled_at: at(n),
  });
  const pairs = Array.from({ length: depth / 2 }, (_, i) => [
    fillAt(2 * i, `deep-${i}-b`, 'buy'),
    fillAt(2 * i + 1, `deep-${i}-s`, 'sell'),
  ]).flat();
  const late = quick ? 5 : 10;
  await call(
    'POST',
    '/fills',
    Array.from({ length: late }, (_, i) => fillAt(-100 - i, `waiting-${i}`, 'sell')),
  );
  for (let i = 0; i < pairs.length; i += 1000) await call('POST', '/fills', pairs.slice(i, i + 1000));
  const [inOrder, waitedFor, moving]: [number[], number[], number[]] = [[], [], []];
  for (let i = 0; i < late; i++) {
    inOrder.push(await timed(() => call('POST', '/fills', fillAt(depth + i, `new-${i}`, 'buy'))));
    waitedFor.push(await timed(() => call('POST', '/fills', fillAt(-100.5 - i, `waited-for-${i}`, 'buy'))));
    moving.push(await timed(() => call('POST', '/fills', fillAt(0.5 + i / 100, `late-${i}`, 'buy'))));
  }
  const farBack = (value: number) =>
    [
      value,
      'ms',
      {
        size: `${depth.toLocaleString('en-US')} fills back`,
        against: { what: 'a fill in order', value: median(inOrder) },
        target: { most: 20 },
      },
    ] as const;
  return [
    measured('one fill', median(fills), 'ms', { against, target: { most: 2.8 } }),
    measured('one link', median(links), 'ms', { against, target: { most: 2.2 } }),
    measured('one snapshot read by its id', median(reads), 'ms', { against }),
    measured('a fill far back in its symbol, after which every sell moves', ...farBack(median(moving))),
    measured('a fill far back in its symbol, which a sell has waited for', ...farBack(median(waitedFor))),
  ];
};
