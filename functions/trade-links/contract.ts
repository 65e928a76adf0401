import * as z from 'zod';
import { botId, decimal, document, identifier, instant, jsonObject, snapshotId, text } from '../contract/fields.ts';
import { operation } from '../contract/operation.ts';
import { Rejected } from '../contract/problem.ts';

/** As the bot says it: `"TAKE_PROFIT"` or `{"trigger": "TAKE_PROFIT"}`; kept in lower case. */
const trigger = z
  .union([text(100), z.looseObject({ trigger: text(100) })], {
    error: 'must be text, or an object with the text as its trigger',
  })
  .transform((value) => (typeof value === 'string' ? value : value.trigger).toLowerCase());

/** What one order was signalled by, in the bot's own words. */
const SignalData = z.looseObject({
  Score: z.looseObject({ 'Buy Score': decimal.nullish(), 'Sell Score': decimal.nullish() }).nullish(),
  trigger: trigger.nullish(),
  exit_reason: text(200).nullish(),
  indicator_breakdown: jsonObject.nullish(),
});

const LONGEST_BREAKDOWN = 16 * 1024;
const LONGEST_SETTINGS = 16 * 1024;

export const LinkTrade = z
  .strictObject({
    bot_id: botId,
    order_id: identifier.nullish(),
    client_order_id: identifier.nullish().meta({ description: 'Where the order id is not yet known' }),
    snapshot_id: snapshotId
      .nullish()
      .meta({ description: 'Fixes the snapshot; by default it is settled from the time' }),
    buy_score: decimal.nullish(),
    sell_score: decimal.nullish(),
    trigger_type: trigger.nullish(),
    trigger: trigger.nullish(),
    exit_reason: text(200).nullish(),
    indicators_fired: z.int().min(0).max(10_000).nullish(),
    indicator_breakdown: jsonObject.nullish(),
    signal_time: instant.nullish(),
    signal_data: SignalData.nullish(),
    config_hash: z
      .string()
      .regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in lower-case hex, as a snapshot has it')
      .nullish()
      .meta({ description: 'Of the configuration that the process really trades with, as its snapshot answered it' }),
    settings: jsonObject.nullish().meta({
      description:
        'Settings that the process really trades with. Where the snapshot says otherwise, coverage and report tell',
      example: { indicator_weights: { rsi: 2.5 } },
    }),
  })
  .refine(({ order_id, client_order_id }) => order_id || client_order_id, {
    path: ['order_id'],
    message: 'is needed, or a client_order_id',
  })
  .refine(
    ({ indicator_breakdown, signal_data }) =>
      JSON.stringify(indicator_breakdown ?? signal_data?.indicator_breakdown ?? null).length <= LONGEST_BREAKDOWN,
    {
      path: ['indicator_breakdown'],
      message: `must not be longer than ${LONGEST_BREAKDOWN} characters of JSON`,
    },
  )
  .refine(({ settings }) => JSON.stringify(settings ?? null).length <= LONGEST_SETTINGS, {
    path: ['settings'],
    message: `must not be longer than ${LONGEST_SETTINGS} characters of JSON`,
  })
  .meta({ id: 'LinkTrade' });
export type LinkTrade = z.output<typeof LinkTrade>;

export const TradeLink = z
  .object({
    bot_id: z.string(),
    order_id: z.string().nullable(),
    client_order_id: z.string().nullable(),
    snapshot_id: snapshotId.nullable(),
    buy_score: z.number().nullable(),
    sell_score: z.number().nullable(),
    trigger_type: z.string().nullable(),
    exit_reason: z.string().nullable(),
    indicators_fired: z.int().nullable(),
    indicator_breakdown: document.nullable(),
    signal_time: z.string().nullable(),
    config_hash: z.string().nullable(),
    settings: document.nullable(),
    created_at: z.string(),
  })
  .meta({ id: 'TradeLink' });
export type TradeLink = z.output<typeof TradeLink>;

export const LinkResult = z
  .object({
    order_id: z.string().nullable(),
    client_order_id: z.string().nullable(),
    snapshot_id: snapshotId.nullable(),
    status: z.enum(['created', 'updated', 'unchanged']),
    conflicts: z
      .array(z.object({ field: z.string(), stored: z.unknown(), given: z.unknown() }))
      .meta({ description: 'Values that differ from those that stand here, which are kept' }),
  })
  .meta({ id: 'LinkResult' });
export type LinkResult = z.output<typeof LinkResult>;

/** The most links that one request may bring. */
export const MOST_LINKS = 500;

export const linkTrades = operation({
  id: 'linkTrades',
  method: 'POST',
  path: '/trade-links',
  capability: 'trade-links',
  summary: 'Say which signal and which snapshot made an order',
  description: 'Before or after its fills, one or up to 500. The first write wins; a later one fills in what was null.',
  input: { body: z.unknown() },
  items: { schema: LinkTrade, most: MOST_LINKS },
  answers: {
    200: {
      description: 'What became of each link',
      schema: z.object({
        created: z.int(),
        updated: z.int(),
        unchanged: z.int(),
        results: z.array(LinkResult),
        rejected: z.array(Rejected),
      }),
    },
  },
  problems: [413],
});

export const getTradeLink = operation({
  id: 'getTradeLink',
  method: 'GET',
  path: '/trade-links/{order_id}',
  capability: 'trade-links',
  summary: 'The link of an order',
  description: 'What the bot said of it, and the snapshot that it was settled for.',
  input: {
    path: z.strictObject({ order_id: identifier.meta({ description: 'As the exchange names it' }) }),
    query: z.strictObject({ bot_id: botId }),
  },
  answers: { 200: { description: 'The link', schema: TradeLink } },
  problems: [404],
});

export const tradeLinkOperations = [linkTrades, getTradeLink];
