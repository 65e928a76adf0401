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
  wholeNumber,
} from '../contract/fields.ts';
import { operation } from '../contract/operation.ts';
import { Rejected } from '../contract/problem.ts';
import { TradeLink } from '../trade-links/contract.ts';

export const symbol = z
  .string()
  .regex(/^[\p{L}\p{M}\p{N}\p{P}\p{S} ]{1,64}$/u, 'must be 1 to 64 printable characters')
  .meta({ description: 'Base and quote', example: 'BTC-USD' });

/** Which way a position goes. `net`: a fill closes what is open the other way round, and what is left of it opens. */
export const PositionSide = z.enum(['long', 'short', 'net']);

const Fee = z
  .strictObject({
    amount: decimal,
    currency: text(20).min(1).meta({ example: 'BTC' }),
    usd: positiveDecimal
      .nullish()
      .meta({ description: 'The price of the currency in USD; needed where it is neither base nor quote' }),
  })
  .meta({
    id: 'Fee',
    description: 'A fee in coin; one in the base is taken off the size that opens, as the exchange does',
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
        'What the fill cost besides its price, net of rebates and funding: it may be negative. May be filled in later; until then it counts as 0, and is counted',
    }),
    fee: Fee.nullish().meta({ description: 'Instead of fee_usd' }),
    position_side: PositionSide.nullish().meta({
      description:
        '`long` (buys open, sells close; the default), `short` (sells open, buys close) or `net` (the default where the symbol names a settlement currency)',
    }),
    position_id: identifier.nullish().meta({
      description: 'The bot’s own id of a position: each is matched by itself, and is one trade once it is closed',
    }),
    filled_at: instant,
    placed_at: instant
      .nullish()
      .meta({ description: 'When the order was placed: the time that attributes it where no link does' }),
    quote_usd: positiveDecimal.nullish().meta({
      description:
        "The quote's price in USD. Needed unless the quote is USD, USDC, USDT, BUSD, FDUSD, TUSD or DAI, which count as USD at par",
    }),
    client_order_id: identifier.nullish(),
    source: text(100).nullish().meta({ description: 'Who placed the order; `manual` keeps it out of every strategy' }),
  })
  .meta({ id: 'Fill' });
export type Fill = z.output<typeof Fill>;

const asItWas = z
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
  .meta({ id: 'FillContent', description: 'What was said of a fill; decimals as text, as exact as they came' });

export const CorrectFill = z
  .strictObject({
    ...Fill.partial().shape,
    bot_id: botId,
    fill_id: identifier,
    reason: text(1000).min(1).meta({ description: 'Why; a person reads it', example: 'The exchange busted it' }),
    void: z.literal(true).optional().meta({ description: 'It never happened: it is taken out' }),
  })
  .refine(({ bot_id: _, fill_id: __, reason: ___, ...said }) => Object.keys(said).length > 0, {
    path: ['void'],
    message: 'is needed, or the fields that were wrong',
  })
  .refine(
    ({ bot_id: _, fill_id: __, reason: ___, void: isVoid, ...fields }) => !isVoid || Object.keys(fields).length === 0,
    { path: ['void'], message: 'takes the fill out: it goes with no corrected field' },
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
    before: asItWas,
    after: asItWas.nullable().meta({ description: 'null: it was taken out' }),
  })
  .meta({ id: 'FillCorrection' });
export type FillCorrection = z.output<typeof FillCorrection>;

export const Trade = z
  .object({
    trade_id: z.string(),
    bot_id: z.string(),
    order_id: z.string().meta({ description: 'The closing order; of a position, the last one' }),
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

/** A fill that a trade is made of. */
export const TradeFill = z.object({ fill_id: z.string(), ...asItWas.shape }).meta({ id: 'TradeFill' });
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
    description: 'A piece of a closing fill matched to a piece of an opening one; decimals as text',
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
  links: z.array(TradeLink).meta({ description: 'What the bot said of its orders' }),
  snapshots: z.array(TradeSnapshot).meta({ description: 'That of the entry and that of the exit' }),
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
    entry_price_usd: z.number().meta({ description: 'On average, without fees' }),
    cost_usd: z.number().meta({ description: 'With the fees of its entry' }),
    realised_pnl_usd: z.number().meta({ description: 'Of what was closed of the orders that opened it' }),
    mark_price_usd: z.number().meta({ description: 'The symbol’s latest fill price' }),
    marked_at: z.string(),
    unrealised_pnl_usd: z.number(),
    entry_snapshot_id: snapshotId.nullable(),
    dust: z.boolean().meta({ description: 'Less than 1 % of its orders is left: it counts as closed' }),
  })
  .meta({ id: 'Position' });
export type Position = z.output<typeof Position>;

/** The most fills that one request may bring. */
export const MOST_FILLS = 1000;

export const recordFills = operation({
  id: 'recordFills',
  method: 'POST',
  path: '/fills',
  capability: 'trades',
  summary: 'Record executions, in any order, late, and more than once',
  description:
    'One or up to 1,000. The same fill again changes nothing; with other content it is refused as a conflict.',
  input: { body: z.unknown() },
  items: { schema: Fill, most: MOST_FILLS },
  answers: {
    200: {
      description: 'How many were new, filled in, and known',
      schema: z.object({
        accepted: z.int(),
        updated: z.int(),
        duplicates: z.int(),
        rejected: z.array(Rejected),
        unmatched: z
          .array(z.string())
          .meta({ description: 'Of the fills that are new here, those that closed nothing, or not all of their size' }),
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
  summary: 'List closed trades, the latest first',
  description:
    'A trade is the matched part of one closing order that was entered under one snapshot, or a whole position that has an id; fills are matched first in, first out.',
  input: {
    query: z
      .strictObject({
        bot_id: botId,
        snapshot_id: snapshotId.optional().meta({ description: 'The entry snapshot' }),
        symbol: symbol.optional(),
        side: z.enum(['long', 'short']).optional().meta({ description: 'Which way the trade went' }),
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
  summary: 'Get a trade with all that its P&L is made of',
  description: 'Its allocations, which add up to it, with their orders, fills and links, and the two snapshots.',
  input: {
    path: z.strictObject({
      trade_id: z.guid('must be the id of a trade').toLowerCase().meta({ description: 'A trade' }),
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
  summary: 'List what is open, the oldest first',
  description:
    'What is open of a symbol, or of a position that has an id, by the snapshot that entered it; at the latest price of the symbol.',
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

const counts = { orders: z.int(), linked: z.int(), by_time: z.int(), none: z.int(), manual: z.int() };

export const Coverage = z
  .object({
    bot_id: z.string(),
    from: z.string(),
    to: z.string(),
    ...counts,
    link_rate: z
      .number()
      .nullable()
      .meta({ description: 'linked / (linked + by_time + none) × 100; null without such orders' }),
    sources: z.array(z.object({ source: z.string().nullable(), ...counts })),
    links_without_fills: z.int(),
    fills_without_fee: z.int(),
    drift: z
      .array(
        z.object({
          snapshot_id: snapshotId,
          path: z.string().meta({ description: 'A JSON Pointer into the config; empty: its hash' }),
          snapshot: z.unknown(),
          bot: z.unknown(),
          orders: z.int(),
        }),
      )
      .meta({ description: 'Settings that the bot says it trades with, where its snapshot says otherwise' }),
  })
  .meta({ id: 'Coverage' });
export type Coverage = z.output<typeof Coverage>;

export const getCoverage = operation({
  id: 'getCoverage',
  method: 'GET',
  path: '/coverage',
  capability: 'trades',
  summary: 'How many of the orders filled lately are linked',
  description: 'By their last fill, and by source. An order without a link is attributed by its time.',
  input: {
    query: z.strictObject({
      bot_id: botId,
      hours: wholeNumber({ from: 1, to: 8784, of: 'hours' }).default(24).meta({ description: 'How far back' }),
    }),
  },
  answers: { 200: { description: 'The coverage', schema: Coverage } },
});

export const correctFill = operation({
  id: 'correctFill',
  method: 'POST',
  path: '/fills/corrections',
  capability: 'trades',
  summary: 'Correct a fill that was wrong, or take it out',
  description:
    'The original is kept and is still known when it is sent again. The symbol is matched again, and the days that it touches are computed anew. The same correction again changes nothing.',
  input: { body: CorrectFill },
  answers: {
    200: {
      description: 'What was corrected; null where the fill is already as it should be',
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
  summary: 'List what was corrected, the newest first',
  description: 'Each with the fill as it was and as it is.',
  input: {
    query: z.strictObject({
      bot_id: botId,
      fill_id: identifier.optional().meta({ description: 'Only of this fill' }),
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
];
