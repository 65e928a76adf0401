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

export const symbol = z
  .string()
  .regex(/^[\p{L}\p{M}\p{N}\p{P}\p{S} ]{1,64}$/u, 'must be 1 to 64 printable characters')
  .meta({ description: 'Base and quote', example: 'BTC-USD' });

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
    fee_usd: decimal
      .nullish()
      .meta({ description: 'May be filled in later; until then it counts as 0, and is counted' }),
    filled_at: instant,
    placed_at: instant
      .nullish()
      .meta({ description: 'When the order was placed: the time that attributes it where no link does' }),
    quote_usd: positiveDecimal.nullish().meta({
      description:
        "The quote's price in USD. Needed unless the quote is USD, USDC or USDT, which count as USD at par whatever stands here",
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
    bot_id: z.string(),
    order_id: z.string().meta({ description: 'The sell order that closed it' }),
    symbol: z.string(),
    opened_at: z.string(),
    closed_at: z.string(),
    size: z.number(),
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
      schema: z.object({ accepted: z.int(), updated: z.int(), duplicates: z.int(), rejected: z.array(Rejected) }),
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
    'A trade is the matched part of one sell order that was entered under one snapshot; buys are matched first in, first out.',
  input: {
    query: z
      .strictObject({
        bot_id: botId,
        snapshot_id: snapshotId.optional().meta({ description: 'The entry snapshot' }),
        symbol: symbol.optional(),
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

export const tradeOperations = [recordFills, correctFill, listCorrections, listTrades, getCoverage];
