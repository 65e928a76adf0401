import { expect, test } from 'vitest';
import { allocationsIn, allocationText } from '../../../../functions/trades/matching/allocation-text.ts';
import type { PositionSide } from '../../../../functions/trades/matching/match.ts';
import { type Rematched, rematch, rematchBegin } from '../../../../functions/trades/matching/rematch.ts';
import type { BookState, FillRow, LegRow } from '../../../../functions/trades/matching/state.ts';
import { randomFrom } from '../../../support/matching.ts';

const at = (second: number) => new Date(1_770_000_000_000 + second * 1000).toISOString().replace('Z', '000Z');

function randomFill(n: number, position_side: PositionSide, random: (n: number) => number): FillRow {
  const size = ['0.5', '1', '1.5', '2'][random(4)] ?? '1';
  return {
    ...{ fill_id: `f${n}`, order_id: `o${Math.floor(n / 2)}`, symbol: 'A-USD', position_side, position_id: '' },
    ...{ side: random(2) ? 'buy' : 'sell', price: `${1 + random(9)}`, size, net_size: null, fee_usd: `0.${random(9)}` },
    ...{ fee_amount: null, fee_currency: null, quote_usd: null, price_usd: null, placed_at: null },
    ...{ filled_at: at(n + random(3)), client_order_id: null, source: null },
  };
}

const legOf = ({ fill_id, order_id, side, size, price, fee_usd, filled_at }: FillRow): LegRow => [
  ...([fill_id, order_id, side, size, price, fee_usd ?? '0', filled_at] as const),
];

/** What `matching_state` reads of a book from an instant on. */
function stateFrom(fills: readonly FillRow[], stored: Rematched, from_at: string): BookState {
  const ordered = fills.map(legOf).sort((a, b) => (a[6] + a[0] < b[6] + b[0] ? -1 : 1));
  const legs = ordered.filter(([, , , , , , filled_at]) => filled_at >= from_at);
  const closed = legs.flatMap(
    ([fill_id]) => stored.allocations.find(({ closing_fill_id }) => closing_fill_id === fill_id)?.opening_fill_id ?? [],
  )[0];
  const first = ordered.findIndex(([fill_id]) => fill_id === (closed ?? stored.row.open_fill_id));
  const lots = first < 0 ? [] : ordered.slice(first).filter(([, , , , , , filled_at]) => filled_at < from_at);
  return { row: stored.row, from_at, lots, more_lots: false, legs };
}

test('the first fills of a book, if they suffice, give what all of its fills give', () => {
  let sufficed = 0;
  for (let seed = 0; seed < 3000; seed++) {
    const random = randomFrom(seed);
    const position_side = (['long', 'short', 'net'] as const)[seed % 3] ?? 'long';
    const key = { symbol: 'A-USD', position_side, position_id: '' };
    const fills = Array.from({ length: 30 }, (_, n) => randomFill(n, position_side, random));
    const stored = rematch(key, undefined, { added: fills, removed: [], previous: [] });
    if (!stored) throw new Error('nothing is matched');
    const late = { ...randomFill(random(12), position_side, random), fill_id: 'late', order_id: 'late' };
    const gone = fills[random(12)];
    const change = {
      added: random(3) > 0 ? [late] : [],
      removed: gone && random(3) === 0 ? [gone] : [],
      previous: stored.allocations,
    };
    const times = [...change.added, ...change.removed].map(({ filled_at }) => filled_at).sort();
    if (times[0] === undefined) continue;
    const state = stateFrom(fills, stored, times[0]);
    const whole = rematch(key, state, change);
    const begin = rematchBegin(key, { ...state, legs: state.legs.slice(0, 6 + random(12)) }, change);
    if (begin === null) continue;
    sufficed += 1;
    const rematched = new Set([...begin.legs, ...change.removed].map(({ fill_id }) => fill_id));
    const isLater = ({ closing_fill_id }: { closing_fill_id: string }) => !rematched.has(closing_fill_id);
    const fromThen = stored.allocations.filter(({ closing_fill_id }) =>
      state.legs.some(([fill_id]) => fill_id === closing_fill_id),
    );
    expect(begin.row, `seed ${seed}`).toEqual(whole?.row);
    expect([...begin.allocations, ...fromThen.filter(isLater)], `seed ${seed}`).toEqual(whole?.allocations);
  }
  expect(sufficed).toBeGreaterThan(200);
});

test.each([
  ['plain', 'f-1', 'o:2'],
  ['quoted', 'a "b" \\ c', '(x,y)'],
  ['awkward', '{},")("', ' \\" '],
  ['not ASCII', 'é中😀', 'ü'],
])('the text of allocations with %s names is parsed as it was written', (_, closing_fill_id, opening_fill_id) => {
  const rows = [
    { closing_fill_id, opening_fill_id, size: '1.5', opening_fee_usd: '-0.1', closing_fee_usd: '0' },
    { closing_fill_id, opening_fill_id: 'plain', size: '2', opening_fee_usd: '0', closing_fee_usd: '0.25' },
  ];
  expect(allocationsIn(allocationText(rows))).toEqual(rows);
  expect(allocationsIn(allocationText([]))).toEqual([]);
});
