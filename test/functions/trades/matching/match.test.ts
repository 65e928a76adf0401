import { expect, test } from 'vitest';
import { inBookOrder, type Leg, match, type PositionSide } from '../../../../functions/trades/matching/match.ts';

const leg = (fill_id: string, side: 'buy' | 'sell', size: bigint, more: Partial<Leg> = {}): Leg => ({
  fill_id,
  order_id: fill_id,
  side,
  size,
  price_usd: 1n,
  fee_usd: 0n,
  filled_at: `2026-01-01T00:00:0${fill_id.slice(1)}.000000Z`,
  ...more,
});
const matchedOf = (side: PositionSide, legs: readonly Leg[]) => {
  const { allocations, open, unmatched } = match(side, [], legs.toSorted(inBookOrder(side)));
  return {
    pieces: allocations.map(({ opening, closing, size }) => `${closing.fill_id}<${opening.fill_id}:${size}`),
    open: open.map(({ leg, size }) => `${leg.fill_id}:${size}`),
    unmatched: [...unmatched].map(([id, size]) => `${id}:${size}`),
  };
};

test('in a long book, buys open, sells close first in, first out, and a sell without open lots is unmatched', () => {
  expect(
    matchedOf('long', [leg('a1', 'buy', 2n), leg('a2', 'buy', 3n), leg('a3', 'sell', 4n), leg('a4', 'sell', 2n)]),
  ).toEqual({
    pieces: ['a3<a1:2', 'a3<a2:2', 'a4<a2:1'],
    open: [],
    unmatched: ['a4:1'],
  });
});

test('in a short book, sells open and buys close', () => {
  expect(matchedOf('short', [leg('a1', 'sell', 2n), leg('a2', 'buy', 1n), leg('a3', 'buy', 2n)])).toEqual({
    pieces: ['a2<a1:1', 'a3<a1:1'],
    open: [],
    unmatched: ['a3:1'],
  });
});

test('in a net book, a closing fill larger than the position opens the opposite position with the rest', () => {
  expect(
    matchedOf('net', [leg('a1', 'buy', 2n), leg('a2', 'sell', 5n), leg('a3', 'sell', 1n), leg('a4', 'buy', 3n)]),
  ).toEqual({
    pieces: ['a2<a1:2', 'a4<a2:3'],
    open: ['a3:1'],
    unmatched: [],
  });
});

test('a closing fill never matches a later opening fill, and at the same instant opening fills come first', () => {
  const at = { filled_at: '2026-01-01T00:00:00.000000Z' };
  expect(matchedOf('long', [leg('b1', 'sell', 1n, at), leg('b2', 'buy', 1n, at), leg('b3', 'buy', 1n)])).toEqual({
    pieces: ['b1<b2:1'],
    open: ['b3:1'],
    unmatched: [],
  });
});

test('the last piece of a fill takes the rest of its fee, even a negative one', () => {
  const legs = [
    leg('a1', 'buy', 3n, { fee_usd: -10n }),
    leg('a2', 'sell', 1n),
    leg('a3', 'sell', 1n),
    leg('a4', 'sell', 1n),
  ];
  expect(match('long', [], legs).allocations.map(({ opening_fee_usd }) => opening_fee_usd)).toEqual([-3n, -3n, -4n]);
});
