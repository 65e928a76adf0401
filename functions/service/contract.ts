import * as z from 'zod';
import { cursor, limit, nextCursor, snapshotId } from '../contract/fields.ts';
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

export const serviceOperations = [listBots, getHealth, getDatabaseHealth, getOpenApi];
