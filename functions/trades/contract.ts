import * as z from 'zod';
import {
  botId,
  cursor,
  decimal,
  identifier,
  instant,
  limit,
  nextCursor,
  positiveDecimal,
  snapshotId,
  text,
} from '../contract/fields.ts';
import { operation } from '../contract/operation.ts';
import { Rejected } from '../contract/problem.ts';
import { redactedText } from '../contract/secrets.ts';
import { TradeLink } from '../trade-links/contract.ts';
import { getCoverage, recordReconciliation } from './data-quality/contract.ts';

export const symbol = z
  .string()
  .regex(/^[\p{L}\p{M}\p{N}\p{P}\p{S} ]{1,64}$/u, 'must be 1 to 64 printable characters')
  // Exchanges write symbols in upper case, and some with one small letter, as in kPEPE-USD: only what is all small is another spelling.
  .overwrite((value) => (/^[ -@[-~]+$/.test(value) ? value.toUpperCase() : value))
  .meta({
    description: 'Base and quote. One in lower case is read in upper case: btc-usd and BTC-USD are one symbol',
    example: 'BTC-USD',
  });

/** The direction of a position. `net`: a fill first closes the open position on the opposite side; the rest of it opens a new one. */
export const PositionSide = z.enum(['long', 'short', 'net']);

const Fee = z
  .strictObject({
    amount: decimal,
    currency: text(20).min(1).meta({ example: 'BTC' }),
    usd: positiveDecimal
      .nullish()
      .meta({ description: 'Price of the fee currency in USD; required when it is neither base nor quote' }),
  })
  .meta({
    id: 'Fee',
    description:
      'A fee in any currency. A fee in the base coin is deducted from the size of an opening fill, as exchanges do',
  });

export const Attribution = z.enum(['manual', 'link', 'time', 'none']);

export const Fill = z
  .strictObject({
    bot_id: botId,
    fill_id: identifier,
    order_id: identifier,
    symbol,
    side: z.enum(['buy', 'sell']),
    price: positiveDecimal,
    size: positiveDecimal,
    fee_usd: decimal.nullish().meta({
      description:
        'Fees and funding paid for the fill in USD, less rebates and funding received; may be negative. May be sent later: until then it counts as 0, and the coverage counts the fill as one without a fee',
    }),
    fee: Fee.nullish().meta({ description: 'Use instead of fee_usd' }),
    position_side: PositionSide.nullish().meta({
      description:
        '`long`: buys open, sells close (the default); `short`: sells open, buys close; `net`: either (the default when the symbol names a settlement currency)',
    }),
    position_id: identifier.nullish().meta({
      description:
        'The bot’s own id of the position. Each such position is matched separately and becomes one trade when it is closed',
    }),
    filled_at: instant,
    placed_at: instant
      .nullish()
      .meta({ description: 'When the order was placed. An order without a link is attributed by this time' }),
    quote_usd: positiveDecimal.nullish().meta({
      description:
        'Price of the quote currency in USD. Required unless the quote is USD, USDC, USDT, BUSD, FDUSD, TUSD or DAI, which count as 1 USD',
    }),
    client_order_id: identifier.nullish(),
    source: text(100).nullish().meta({ description: 'Who placed the order; `manual` excludes it from all strategies' }),
  })
  .meta({ id: 'Fill' });
export type Fill = z.output<typeof Fill>;

const FillContent = z
  .object({
    order_id: z.string(),
    symbol: z.string(),
    side: z.enum(['buy', 'sell']),
    price: z.string(),
    size: z.string(),
    fee_usd: z.string().nullable(),
    fee: z.object({ amount: z.string(), currency: z.string() }).nullable(),
    position_side: PositionSide,
    position_id: z.string().nullable(),
    quote_usd: z.string().nullable(),
    filled_at: z.string(),
    placed_at: z.string().nullable(),
    client_order_id: z.string().nullable(),
    source: z.string().nullable(),
  })
  .meta({ id: 'FillContent', description: 'The content of a fill; decimals as text, with all their digits' });

export const CorrectFill = z
  .strictObject({
    ...Fill.partial().shape,
    bot_id: botId,
    fill_id: identifier,
    reason: text(1000)
      .min(1)
      .transform(redactedText)
      .meta({ description: 'The reason, for people to read', example: 'The exchange busted the trade' }),
    void: z.literal(true).optional().meta({ description: 'The fill never happened: removes it' }),
  })
  .refine(({ bot_id: _, fill_id: __, reason: ___, ...fields }) => Object.keys(fields).length > 0, {
    path: ['void'],
    message: 'is required, or at least one corrected field',
  })
  .refine(
    ({ bot_id: _, fill_id: __, reason: ___, void: isVoid, ...fields }) => !isVoid || Object.keys(fields).length === 0,
    { path: ['void'], message: 'cannot be combined with corrected fields' },
  )
  .meta({ id: 'CorrectFill' });
export type CorrectFill = z.output<typeof CorrectFill>;

export const FillCorrection = z
  .object({
    correction_id: z.int(),
    bot_id: z.string(),
    fill_id: z.string(),
    reason: z.string(),
    corrected_at: z.string().meta({ format: 'date-time' }),
    before: FillContent,
    after: FillContent.nullable().meta({ description: 'null: the fill was removed' }),
  })
  .meta({ id: 'FillCorrection' });
export type FillCorrection = z.output<typeof FillCorrection>;

export const Trade = z
  .object({
    trade_id: z.string(),
    bot_id: z.string(),
    order_id: z.string().meta({ description: 'The closing order; for a position with an id, the last one' }),
    position_id: z.string().nullable(),
    symbol: z.string(),
    side: z.enum(['long', 'short']),
    opened_at: z.string(),
    closed_at: z.string(),
    size: z.number(),
    entry_price_usd: z.number(),
    exit_price_usd: z.number(),
    cost_basis_usd: z.number(),
    net_proceeds_usd: z.number(),
    pnl_usd: z.number(),
    hold_seconds: z.number(),
    entry_snapshot_id: snapshotId.nullable(),
    exit_snapshot_id: snapshotId.nullable(),
    attribution: Attribution,
    trigger_type: z.string().nullable(),
    exit_reason: z.string().nullable(),
  })
  .meta({ id: 'Trade' });
export type Trade = z.output<typeof Trade>;

/** One of the fills of a trade. */
export const TradeFill = z.object({ fill_id: z.string(), ...FillContent.shape }).meta({ id: 'TradeFill' });
export type TradeFill = z.output<typeof TradeFill>;

export const TradeOrder = z
  .object({
    order_id: z.string(),
    side: z.enum(['buy', 'sell']),
    client_order_id: z.string().nullable(),
    source: z.string().nullable(),
    placed_at: z.string().nullable(),
    first_filled_at: z.string(),
    last_filled_at: z.string(),
    snapshot_id: snapshotId.nullable(),
    attribution: Attribution,
  })
  .meta({ id: 'TradeOrder' });
export type TradeOrder = z.output<typeof TradeOrder>;

export const TradeAllocation = z
  .object({
    opening_fill_id: z.string(),
    closing_fill_id: z.string(),
    opening_order_id: z.string(),
    closing_order_id: z.string(),
    opened_at: z.string(),
    closed_at: z.string(),
    size: z.string(),
    opening_fee_usd: z.string(),
    closing_fee_usd: z.string(),
    cost_basis_usd: z.string(),
    net_proceeds_usd: z.string(),
    pnl_usd: z.string(),
  })
  .meta({
    id: 'TradeAllocation',
    description: 'A part of a closing fill matched to a part of an opening fill; decimals as text',
  });

export type TradeAllocation = z.output<typeof TradeAllocation>;

const TradeSnapshot = z
  .object({
    snapshot_id: snapshotId,
    notes: z.string().nullable(),
    active_from: z.string(),
    active_until: z.string().nullable(),
  })
  .meta({ id: 'TradeSnapshot' });

export const TradeDetail = Trade.extend({
  allocations: z.array(TradeAllocation),
  orders: z.array(TradeOrder),
  fills: z.array(TradeFill),
  links: z.array(TradeLink).meta({ description: 'The signals that the bot reported for these orders' }),
  snapshots: z.array(TradeSnapshot).meta({ description: 'The entry snapshot and the exit snapshot' }),
}).meta({ id: 'TradeDetail' });
export type TradeDetail = z.output<typeof TradeDetail>;

export const Position = z
  .object({
    bot_id: z.string(),
    symbol: z.string(),
    position_id: z.string().nullable(),
    side: z.enum(['long', 'short']),
    opened_at: z.string(),
    size: z.number(),
    entry_price_usd: z.number().meta({ description: 'Average entry price, without fees' }),
    cost_usd: z.number().meta({ description: 'Cost of the open size, including entry fees' }),
    realised_pnl_usd: z.number().meta({ description: 'P&L of the closed parts of the orders that opened it' }),
    mark_price_usd: z.number().meta({ description: 'Price of the symbol’s latest fill' }),
    marked_at: z.string(),
    unrealised_pnl_usd: z.number(),
    entry_snapshot_id: snapshotId.nullable(),
    dust: z.boolean().meta({ description: 'Less than 1 % of each opening order is still open: counts as closed' }),
  })
  .meta({ id: 'Position' });
export type Position = z.output<typeof Position>;

/** Most fills in one request. */
export const MOST_FILLS = 1000;

export const recordFills = operation({
  id: 'recordFills',
  method: 'POST',
  path: '/fills',
  capability: 'trades',
  summary: 'Record fills, in any order, late or repeated',
  description:
    'One fill, or an array of up to 1,000. Sending a fill again changes nothing; sending it with other content is rejected as a conflict.',
  input: { body: z.unknown() },
  items: { schema: Fill, most: MOST_FILLS },
  answers: {
    200: {
      description: 'How many fills were new, completed or already known',
      schema: z.object({
        accepted: z.int(),
        updated: z.int(),
        duplicates: z.int(),
        rejected: z.array(Rejected),
        unmatched: z
          .array(z.string())
          .meta({ description: 'New closing fills that were not matched, or only in part' }),
        warnings: z.array(z.string()),
      }),
    },
  },
  problems: [413],
});

export const listTrades = operation({
  id: 'listTrades',
  method: 'GET',
  path: '/trades',
  capability: 'trades',
  summary: 'List closed trades, newest first',
  description:
    'A trade is the part of one closing order that was entered under one snapshot, or a whole position with an id. Fills are matched first in, first out (FIFO).',
  input: {
    query: z
      .strictObject({
        bot_id: botId,
        snapshot_id: snapshotId.optional().meta({ description: 'The entry snapshot' }),
        symbol: symbol.optional(),
        side: z.enum(['long', 'short']).optional().meta({ description: 'Direction of the trade' }),
        trigger_type: text(100).min(1).toLowerCase().optional().meta({ description: 'Of the closing order' }),
        attribution: Attribution.optional().meta({ description: 'How the trade got its snapshot' }),
        from: instant.optional().meta({ description: 'closed_at, inclusive' }),
        to: instant.optional().meta({ description: 'closed_at, exclusive' }),
        limit,
        cursor: cursor(z.tuple([instant, identifier, z.int32()])).optional(),
      })
      .refine(({ from, to }) => !from || !to || from < to, {
        path: ['to'],
        message: 'the range must not end before it begins',
      }),
  },
  answers: { 200: { description: 'A page', schema: z.object({ trades: z.array(Trade), next_cursor: nextCursor }) } },
});

export const getTrade = operation({
  id: 'getTrade',
  method: 'GET',
  path: '/trades/{trade_id}',
  capability: 'trades',
  summary: 'Get a trade with its allocations, orders and fills',
  description:
    'Its allocations, whose P&L adds up to that of the trade; their orders, fills and links; and the entry and exit snapshots.',
  input: {
    path: z.strictObject({
      trade_id: z.guid('must be the id of a trade').toLowerCase().meta({ description: 'The id of a trade' }),
    }),
  },
  answers: { 200: { description: 'The trade', schema: TradeDetail } },
  problems: [404],
});

export const listPositions = operation({
  id: 'listPositions',
  method: 'GET',
  path: '/positions',
  capability: 'trades',
  summary: 'List open positions, oldest first',
  description:
    'The open size of each symbol, or of each position with an id, grouped by entry snapshot and valued at the latest price of the symbol.',
  input: {
    query: z.strictObject({
      bot_id: botId,
      snapshot_id: snapshotId.optional().meta({ description: 'The entry snapshot' }),
      symbol: symbol.optional(),
      limit,
      cursor: cursor(z.tuple([instant, z.int(), z.string(), z.string()])).optional(),
    }),
  },
  answers: {
    200: { description: 'A page', schema: z.object({ positions: z.array(Position), next_cursor: nextCursor }) },
  },
});

export const correctFill = operation({
  id: 'correctFill',
  method: 'POST',
  path: '/fills/corrections',
  capability: 'trades',
  summary: 'Correct or void a fill',
  description:
    'The original is kept, and a bot may still send it again. The symbol is matched again, and the affected days are recomputed. Repeating a correction changes nothing.',
  input: { body: CorrectFill },
  answers: {
    200: {
      description: 'The correction; null when the fill already has this content',
      schema: z.object({ changed: z.boolean(), correction: FillCorrection.nullable() }),
    },
  },
  problems: [404, 409],
});

export const listCorrections = operation({
  id: 'listCorrections',
  method: 'GET',
  path: '/fills/corrections',
  capability: 'trades',
  summary: 'List corrections, newest first',
  description: 'Each with the content of the fill before and after it.',
  input: {
    query: z.strictObject({
      bot_id: botId,
      fill_id: identifier.optional().meta({ description: 'Only corrections of this fill' }),
      limit,
      cursor: cursor(z.tuple([z.int()])).optional(),
    }),
  },
  answers: {
    200: {
      description: 'A page',
      schema: z.object({ corrections: z.array(FillCorrection), next_cursor: nextCursor }),
    },
  },
});

export const tradeOperations = [
  recordFills,
  correctFill,
  listCorrections,
  listTrades,
  getTrade,
  listPositions,
  getCoverage,
  recordReconciliation,
];
