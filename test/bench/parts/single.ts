import { market, next } from '../market.ts';
import { measured, median, timed } from '../measure.ts';
import type { Part } from '../part.ts';

const BACK = 10_000;
const SYMBOL = 'C00-USD';

/** One fill and one link at a time, as today's bot sends them, and one fill far back in its symbol. */
export const single: Part = async ({ call, sql, quick, said }) => {
  const times = quick ? 30 : 200;
  await call('POST', '/snapshots', { config: { rsi: 1 }, active_from: '2020-01-01T00:00:00Z' });
  said('one fill, one link, one SELECT 1, in turns');
  const stream = market({ seed: 2, from: '2026-01-01T00:00:00Z', perDay: 60 });
  await call('POST', '/fills', next(stream, 1000));
  const [fills, links, ones]: [number[], number[], number[]] = [[], [], []];
  for (let i = 0; i < times; i++) {
    const fill = next(stream, 1)[0];
    ones.push(await timed(() => sql('SELECT 1')));
    fills.push(await timed(() => call('POST', '/fills', fill)));
    links.push(
      await timed(() => call('POST', '/trade-links', { order_id: fill?.order_id, buy_score: '6.5', trigger: 'SCORE' })),
    );
  }
  const against = { what: 'SELECT 1 through the Data API', value: median(ones) };
  const target = { most: 2.5 };

  const depth = quick ? BACK / 5 : BACK;
  said(`${depth.toLocaleString('en-US')} fills of one symbol`);
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
  for (let i = 0; i < pairs.length; i += 1000) await call('POST', '/fills', pairs.slice(i, i + 1000));
  const [inOrder, outOfOrder]: [number[], number[]] = [[], []];
  for (let i = 0; i < (quick ? 5 : 10); i++) {
    inOrder.push(await timed(() => call('POST', '/fills', fillAt(depth + i, `new-${i}`, 'buy'))));
    outOfOrder.push(await timed(() => call('POST', '/fills', fillAt(0.5 + i / 100, `late-${i}`, 'buy'))));
  }
  return [
    measured('one fill', median(fills), 'ms', { against, target }),
    measured('one link', median(links), 'ms', { against, target }),
    measured(`a fill ${depth.toLocaleString('en-US')} fills back in its symbol`, median(outOfOrder), 'ms', {
      against: { what: 'a fill in order', value: median(inOrder) },
      target: { most: 20 },
    }),
  ];
};
