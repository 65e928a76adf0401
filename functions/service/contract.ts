import * as z from 'zod';
import { botId, cursor, freeText, instant, limit, nextCursor, snapshotId, timeZone } from '../contract/fields.ts';
import { operation } from '../contract/operation.ts';
import { experimentId } from '../experiments/contract.ts';

export const getHealth = operation({
  id: 'getHealth',
  method: 'GET',
  path: '/health',
  capability: 'service',
  access: 'public',
  summary: 'Check the service and its version, without waking the database',
  description: 'Needs no signature.',
  input: {},
  answers: {
    200: { description: 'The service is up', schema: z.object({ status: z.literal('ok'), version: z.string() }) },
  },
});

export const getDatabaseHealth = operation({
  id: 'getDatabaseHealth',
  method: 'GET',
  path: '/health/database',
  capability: 'service',
  summary: 'Check the database and its pending work',
  description: 'Includes the last day summarized by the nightly run, and the work that is still pending.',
  input: {},
  answers: {
    200: {
      description: 'The database is up',
      schema: z.object({
        status: z.literal('ok'),
        time_zone: z.string(),
        last_summarised_day: z.string().nullable(),
        marked_rows: z.int().meta({ description: 'Summary rows that the next run recomputes' }),
        pending_matches: z.int().meta({ description: 'Symbols with unfinished matching' }),
        failed_mails: z.int().meta({
          description: 'Mail addresses that the latest daily report or weekly review did not reach, or may not have',
        }),
        failed_messages: z.int().meta({ description: 'The same for channels: Telegram, Discord, Slack, webhooks' }),
      }),
    },
  },
});

const count = z.int().min(0).max(2_147_483_647);

const counts = {
  waiting: count.meta({ description: 'Records that are not sent yet' }),
  refused: count.meta({ description: 'Records that the service refused and the client has set aside' }),
  turned_away: count.meta({
    description: 'Records for which the outbox or the disk had no room, since the client started',
  }),
  damaged: count.meta({ description: 'Records that were lost or damaged in the outbox, since the client started' }),
};

export const Outbox = z
  .object({
    bot_id: z.string(),
    ...counts,
    last_refusal: z.string().nullable(),
    at: z.string().meta({ format: 'date-time' }),
  })
  .meta({ id: 'Outbox', description: 'How the outbox of a bot’s client stands' });
export type Outbox = z.output<typeof Outbox>;

export const OutboxReport = z
  .strictObject({
    bot_id: botId,
    waiting: counts.waiting,
    refused: counts.refused,
    turned_away: counts.turned_away.default(0),
    damaged: counts.damaged.default(0),
    last_refusal: freeText(400).nullable().default(null).meta({ description: 'The reason of the last refusal' }),
    at: instant.optional().meta({ description: 'By default now' }),
  })
  .meta({ id: 'OutboxReport' });
export type OutboxReport = z.output<typeof OutboxReport>;

export const reportOutbox = operation({
  id: 'reportOutbox',
  method: 'POST',
  path: '/outboxes',
  capability: 'service',
  summary: 'Report how the outbox of a bot’s client stands',
  description:
    'So that missing records reach the owner: in the list of bots, the report and an alarm. The Python client does it by itself. Repeating a report, or sending an earlier one, changes nothing.',
  input: { body: OutboxReport },
  answers: { 200: { description: 'The latest report', schema: Outbox } },
});

const timeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as 22:30')
  .meta({ example: '22:30' });

const address = z.email('must be an email address').max(254).toLowerCase();

/** Most recipients of a bot's reports. */
const MOST_RECIPIENTS = 50;

/** What can be set of a bot. */
const settings = {
  recipients: z
    .array(address)
    .min(1, 'must have an address; null: the recipients of the deployment')
    .max(MOST_RECIPIENTS)
    .nullable()
    .meta({
      description:
        'Who gets the reports of this bot by mail, and nobody else does; null: the recipients of the deployment, in one mail with the other bots',
    }),
  time_zone: timeZone.nullable().meta({
    description:
      'The IANA time zone in which the report is mailed at its hour; null: that of trading days. The trading days stay as they are',
    example: 'America/New_York',
  }),
  quiet_hours: z
    .strictObject({ from: timeOfDay, until: timeOfDay })
    .refine(({ from, until }) => from !== until, 'from and until must differ')
    .nullable()
    .meta({ description: 'In that time zone: a report due in these hours is mailed at their end; null: none' }),
};

export const BotSettings = z
  .strictObject({
    recipients: settings.recipients.default(null),
    time_zone: settings.time_zone.default(null),
    quiet_hours: settings.quiet_hours.default(null),
  })
  .refine(
    ({ recipients, time_zone, quiet_hours }) => recipients !== null || (time_zone === null && quiet_hours === null),
    {
      path: ['recipients'],
      message:
        'is required with time_zone or quiet_hours: the recipients of the deployment get their report at its hour',
    },
  )
  .meta({ id: 'BotSettings' });
export type BotSettings = z.output<typeof BotSettings>;

export const Bot = z
  .object({
    bot_id: z.string(),
    snapshot_id: snapshotId.nullable().meta({ description: 'The active one; null: there is none yet' }),
    active_from: z.string().nullable(),
    notes: z.string().nullable(),
    last_filled_at: z.string().nullable(),
    last_summarised_day: z.string().nullable(),
    open_positions: z.int(),
    open_cost_usd: z.number(),
    unrealised_pnl_usd: z.number(),
    link_rate: z
      .number()
      .nullable()
      .meta({ description: 'Of the orders filled on the last complete trading day; null: none was' }),
    experiment_id: experimentId.nullable().meta({ description: 'The running experiment' }),
    reconciled_at: z
      .string()
      .nullable()
      .meta({ description: 'When its trades were last compared with the records of its own tool; null: never' }),
    reconciled_trades: z.int().nullable().meta({ description: 'How many were compared' }),
    agreed_trades: z.int().nullable().meta({ description: 'How many of them had the same P&L' }),
    waiting_records: z
      .int()
      .nullable()
      .meta({ description: 'Records in the outbox of its client; null: it has not reported any' }),
    lost_records: z.int().nullable().meta({
      description: 'Records of its client that the service refused, that found no room, or that were damaged',
    }),
    outbox_at: z.string().nullable().meta({ description: 'When its client reported that' }),
    ...settings,
  })
  .meta({ id: 'Bot' });
export type Bot = z.output<typeof Bot>;

export const listBots = operation({
  id: 'listBots',
  method: 'GET',
  path: '/bots',
  capability: 'service',
  summary: 'List every bot with how it stands',
  description: 'By name: its active settings, its last fill and summary, what is open, and how well it is linked.',
  input: { query: z.strictObject({ limit, cursor: cursor(z.tuple([z.string()])).optional() }) },
  answers: { 200: { description: 'A page', schema: z.object({ bots: z.array(Bot), next_cursor: nextCursor }) } },
});

export const setBot = operation({
  id: 'setBot',
  method: 'PUT',
  path: '/bots/{bot_id}',
  capability: 'service',
  summary: 'Set who gets the reports of a bot, and when',
  description:
    'Replaces all settings of the bot: what is left out gets its default. A signer that may not use all bots may not set them. Repeating it changes nothing.',
  input: { path: z.strictObject({ bot_id: botId.unwrap().meta({ description: 'The bot' }) }), body: BotSettings },
  answers: { 200: { description: 'The settings', schema: z.object({ bot_id: z.string(), ...settings }) } },
  problems: [404, 409],
});

export const getOpenApi = operation({
  id: 'getOpenApi',
  method: 'GET',
  path: '/openapi.json',
  capability: 'service',
  summary: 'Get the OpenAPI document',
  description: 'This document.',
  input: {},
  answers: { 200: { description: 'OpenAPI 3.1', schema: z.record(z.string(), z.unknown()) } },
});

export const serviceOperations = [reportOutbox, listBots, setBot, getHealth, getDatabaseHealth, getOpenApi];
