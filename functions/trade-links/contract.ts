import * as z from 'zod';
import {
  botId,
  decimal,
  document,
  identifier,
  instant,
  jsonObject,
  settingsObject,
  snapshotId,
  text,
} from '../contract/fields.ts';
import { operation } from '../contract/operation.ts';
import { Rejected } from '../contract/problem.ts';

/** The trigger of an order: `"TAKE_PROFIT"` or `{"trigger": "TAKE_PROFIT"}`; stored in lower case. */
const trigger = z
  .union([text(100), z.looseObject({ trigger: text(100) })], {
    error: 'must be a string, or an object with a string as its trigger',
  })
  .transform((value) => (typeof value === 'string' ? value : value.trigger).toLowerCase());

/** The signal of an order, in the bot's own format. */
const SignalData = z.looseObject({
  Score: z.looseObject({ 'Buy Score': decimal.nullish(), 'Sell Score': decimal.nullish() }).nullish(),
  trigger: trigger.nullish(),
  exit_reason: text(200).nullish(),
  indicator_breakdown: jsonObject.nullish(),
});

/** Most links per request. */
export const MOST_LINKS = 500;

/** Longest JSON of an indicator breakdown, and of settings, in characters. */
const LONGEST_BREAKDOWN = 16 * 1024;
const LONGEST_SETTINGS = 16 * 1024;

export const LinkTrade = z
  .strictObject({
    bot_id: botId,
    order_id: identifier.nullish(),
    client_order_id: identifier.nullish().meta({ description: 'Used while the order id is not yet known' }),
    snapshot_id: snapshotId
      .nullish()
      .meta({ description: 'Sets the snapshot explicitly; by default it is the one active at the time of the signal' }),
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
      .regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in lower-case hex, as in a snapshot')
      .nullish()
      .meta({
        description: 'Hash of the configuration that the process actually trades with, as returned with its snapshot',
      }),
    settings: settingsObject.nullish().meta({
      description:
        'Settings that the process actually trades with. Coverage and report list those that differ from the snapshot',
      example: { indicator_weights: { rsi: 2.5 } },
    }),
  })
  .refine(({ order_id, client_order_id }) => order_id || client_order_id, {
    path: ['order_id'],
    message: 'is required, or a client_order_id',
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
      .meta({ description: 'Values that differ from the stored ones, which are kept' }),
  })
  .meta({ id: 'LinkResult' });
export type LinkResult = z.output<typeof LinkResult>;

export const linkTrades = operation({
  id: 'linkTrades',
  method: 'POST',
  path: '/trade-links',
  capability: 'trade-links',
  summary: 'Link orders to their signals and snapshots',
  description: `Before or after the fills of an order; one link or up to ${MOST_LINKS}. The first write wins; later ones only fill in nulls.`,
  input: { body: z.unknown() },
  items: { schema: LinkTrade, most: MOST_LINKS },
  answers: {
    200: {
      description: 'The outcome of each link',
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
  summary: 'Get the link of an order',
  description: 'The signal reported by the bot, and the snapshot to which the order is attributed.',
  input: {
    path: z.strictObject({ order_id: identifier.meta({ description: 'The order id of the exchange' }) }),
    query: z.strictObject({ bot_id: botId }),
  },
  answers: { 200: { description: 'The link', schema: TradeLink } },
  problems: [404],
});

export const tradeLinkOperations = [linkTrades, getTradeLink];
