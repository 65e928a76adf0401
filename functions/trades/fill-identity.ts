import type { FillChanges } from './matching/plan.ts';
import type { FillRow, MatchingState } from './matching/state.ts';

/** The outcome of a fill, by its index in the batch. */
export interface Received {
  readonly index: number;
  readonly fill_id: string;
  readonly status: 'accepted' | 'updated' | 'duplicate' | 'conflict';
  readonly reason: string | null;
}

/** Fields that may be sent later when they were null at first. */
const COMPLETED_LATER = ['fee_usd', 'client_order_id', 'source'] as const;

/** Compares fills with the stored fills of the same ids: each is new, a duplicate, completes null fields, or is a conflict. A corrected
 *  fill is also compared with its original content, which a bot may send again at any time. */
export function compareWithKnown(
  state: Pick<MatchingState, 'known' | 'first'>,
  batch: readonly { readonly index: number; readonly fill: FillRow }[],
): { changes: FillChanges; result: Received[] } {
  const now = new Map(state.known);
  const result = batch.map(({ index, fill }): Received => {
    const { fill_id } = fill;
    const [known, first] = [now.get(fill_id), state.first.get(fill_id)];
    const compared = known ?? first;
    if (!compared) {
      now.set(fill_id, fill);
      return { index, fill_id, status: 'accepted', reason: null };
    }
    const reason = differences(compared, fill);
    if (reason !== null && !(first && differences(first, fill) === null))
      return { index, fill_id, status: 'conflict', reason };
    const missing =
      !first && known ? COMPLETED_LATER.filter((field) => known[field] === null && fill[field] !== null) : [];
    if (!known || missing.length === 0) return { index, fill_id, status: 'duplicate', reason: null };
    const fee = missing.includes('fee_usd')
      ? { fee_usd: fill.fee_usd, fee_amount: fill.fee_amount, fee_currency: fill.fee_currency, net_size: fill.net_size }
      : {};
    now.set(fill_id, {
      ...known,
      ...fee,
      client_order_id: known.client_order_id ?? fill.client_order_id,
      source: known.source ?? fill.source,
    });
    return { index, fill_id, status: 'updated', reason: null };
  });

  const changed = [...now.values()].filter((fill) => state.known.get(fill.fill_id) !== fill);
  const [added, removed, rewritten]: [FillRow[], FillRow[], FillRow[]] = [[], [], []];
  for (const fill of changed) {
    const before = state.known.get(fill.fill_id);
    if (!before) added.push(fill);
    else if (before.fee_usd === fill.fee_usd && before.net_size === fill.net_size) rewritten.push(fill);
    else {
      added.push(fill);
      removed.push(before);
    }
  }
  return { changes: { added, removed, rewritten }, result };
}

/** Describes the fields in which a fill differs from the stored one; null when it does not. Omitted fields are not compared. */
function differences(known: FillRow, given: FillRow): string | null {
  const different = [
    ...(['order_id', 'symbol', 'side', 'position_side', 'price', 'size', 'filled_at'] as const).filter(
      (field) => known[field] !== given[field],
    ),
    ...(['quote_usd', 'placed_at'] as const).filter((field) => given[field] !== null && known[field] !== given[field]),
    ...(known.position_id !== given.position_id ? (['position_id'] as const) : []),
    ...(['fee_usd', 'client_order_id', 'source'] as const).filter(
      (field) => known[field] !== null && given[field] !== null && known[field] !== given[field],
    ),
  ];
  return different.length === 0
    ? null
    : different.map((field) => `${field} is ${known[field] || 'null'} here`).join(', ');
}
