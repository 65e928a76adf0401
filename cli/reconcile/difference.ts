import type { TradeDetail } from '../../functions/trades/contract.ts';
import type { Claim } from './claim.ts';

/** Why the P&L of a trade differs here, the most specific first. */
export const REASONS = {
  missing: 'none of its fills is here',
  open: 'still open here',
  fill: 'a fill is missing here',
  fee: 'a fee is missing here',
  amounts: 'a price or size differs',
  funding: 'funding is missing here',
  fundingHere: 'funding is only here',
  fees: 'the fees differ',
  stated: 'not the P&L of its own fills',
  fifo: 'average cost against FIFO',
  unknown: 'unknown',
} as const;
export type Reason = (typeof REASONS)[keyof typeof REASONS];

/** The P&L of a trade at the tool and here, in USD. */
export interface Compared {
  readonly claimed: number;
  readonly here: number;
  /** What was bought and sold, in USD. */
  readonly turnover: number;
}

/** Differences that come from rounding: tools store doubles, often rounded to 8 decimals. */
const ROUNDING_USD = 0.005;
const ROUNDING_SHARE = 1e-6;

export const agrees = ({ claimed, here, turnover }: Compared): boolean =>
  Math.abs(claimed - here) <= Math.max(ROUNDING_USD, ROUNDING_SHARE * turnover);

/** Explains a difference from the trades here with all their fills.
 *  @param usd the price of the quote currency in USD */
export function reasonOf(claim: Claim, details: readonly TradeDetail[], compared: Compared, usd: number): Reason {
  if (closesOthers(claim, details)) return REASONS.fifo;
  const fills = new Map(
    details.flatMap((detail) =>
      detail.fills.map((fill) => [fill.fill_id, { ...fill, order_id: orderOf(claim, fill) }]),
    ),
  );
  const ordersHere = new Set([...fills.values()].map(({ order_id }) => order_id));
  if (claim.order_ids.some((id) => !ordersHere.has(id))) return REASONS.fill;
  const own = [...fills.values()].filter(({ order_id }) => claim.order_ids.includes(order_id));
  if (own.some(({ fee_usd }) => fee_usd === null)) return REASONS.fee;

  const { turnover } = compared;
  const gap = compared.claimed - compared.here;
  const explains = (amount: number) => agrees({ claimed: gap, here: amount, turnover });
  if (claim.fills.length > 0 && claim.order_ids.some((id) => amountsDiffer(claim, own, id))) return REASONS.amounts;
  const funding = Number(claim.funding ?? 0) * usd;
  if (funding !== 0 && explains(funding)) return REASONS.funding;
  if (claim.payments.length > 0 && explains(-paidDuring(claim, details) * usd)) return REASONS.fundingHere;
  const fees = own.reduce((sum, { fee_usd }) => sum + Number(fee_usd), 0);
  const claimedFees = claim.fills.reduce((sum, { fee }) => sum + Number(fee ?? 0) * usd, 0);
  if (claim.fills.length > 0 && explains(fees - claimedFees)) return REASONS.fees;
  const stated = cashOf(claim.fills.map((fill) => ({ ...fill, fee_usd: String(Number(fill.fee ?? 0) * usd), usd })));
  if (claim.fills.length > 0 && agrees({ claimed: stated, here: compared.here, turnover })) return REASONS.stated;
  const cash = cashOf(own.map((fill) => ({ ...fill, usd: Number(fill.quote_usd ?? 1) })));
  return agrees({ claimed: compared.claimed, here: cash, turnover }) ? REASONS.fifo : REASONS.unknown;
}

/** The id of the order of a fill as the claim has it. Either may have the name of the bot before the tool's own id. */
const orderOf = ({ order_ids }: Claim, { order_id }: { readonly order_id: string }): string =>
  order_ids.find((id) => order_id.endsWith(`:${id}`) || id.endsWith(`:${order_id}`)) ?? order_id;

/** Whether its exits closed what other trades of the tool had opened. */
export const closesOthers = (claim: Claim, details: readonly TradeDetail[]): boolean =>
  details.some(
    ({ position_id, allocations }) =>
      position_id === null && allocations.some(({ opening_order_id }) => !claim.order_ids.includes(opening_order_id)),
  );

/** The funding received while these trades were open, in the quote currency. */
const paidDuring = ({ payments }: Claim, details: readonly TradeDetail[]): number =>
  payments
    .filter(({ at }) =>
      details.some(
        ({ opened_at, closed_at }) =>
          Date.parse(opened_at) <= Date.parse(at) && Date.parse(at) <= Date.parse(closed_at),
      ),
    )
    .reduce((sum, { received }) => sum + received, 0);

type Fill = TradeDetail['fills'][number];

/** Largest relative difference of a price or a size that is rounding. */
const SAME = 1e-6;

function amountsDiffer({ fills }: Claim, here: readonly Fill[], orderId: string): boolean {
  const of = <Each extends { order_id: string; price: string; size: string }>(list: readonly Each[]) => {
    const mine = list.filter(({ order_id }) => order_id === orderId);
    const size = mine.reduce((sum, each) => sum + Number(each.size), 0);
    return { size, value: mine.reduce((sum, each) => sum + Number(each.size) * Number(each.price), 0) };
  };
  const [claimed, own] = [of(fills), of(here)];
  return (['size', 'value'] as const).some((part) => Math.abs(claimed[part] - own[part]) > SAME * claimed[part]);
}

interface Cash {
  readonly side: 'buy' | 'sell';
  readonly price: string;
  readonly size: string;
  readonly fee_usd: string | null;
  /** The price of the quote currency in USD. */
  readonly usd: number;
}

/** What fills earned together in USD: the P&L of a closed position, however they are matched. */
const cashOf = (fills: readonly Cash[]): number =>
  fills.reduce((sum, { side, price, size, fee_usd, usd }) => {
    const value = Number(price) * Number(size) * usd;
    return sum + (side === 'sell' ? value : -value) - Number(fee_usd);
  }, 0);
