import type { DatabaseSync } from 'node:sqlite';
import { type Holding, heldIn, type Lacking, lacking } from './holdings.ts';
import type { Recognised } from './read.ts';
import { rows } from './staging.ts';

/** The result of a dry run. */
export interface Report {
  readonly read: readonly Recognised[];
  readonly bots: readonly BotHistory[];
  readonly skipped: readonly Skipped[];
  readonly remarks: readonly Remark[];
  readonly lacking: readonly Lacking[];
  readonly held: readonly Holding[];
  readonly notes: readonly string[];
}

export interface BotHistory {
  readonly bot_id: string;
  readonly fills: number;
  readonly orders: number;
  readonly links: number;
  readonly snapshots: number;
  readonly from: string | null;
  readonly to: string | null;
  readonly symbols: readonly { readonly symbol: string; readonly fills: number }[];
}

/** What to know about items that are imported. */
export interface Remark {
  readonly remark: string;
  readonly count: number;
  readonly example: string;
}

export interface Skipped {
  readonly reason: string;
  readonly count: number;
  readonly example: string;
}

export function reportOf(staging: DatabaseSync, read: readonly Recognised[]): Report {
  const bots = rows<Omit<BotHistory, 'symbols'>>(
    staging,
    `SELECT bot_id,
       (SELECT count(*) FROM fills f WHERE f.bot_id = bot.bot_id) AS fills,
       (SELECT count(DISTINCT order_id) FROM fills f WHERE f.bot_id = bot.bot_id) AS orders,
       (SELECT count(*) FROM links l WHERE l.bot_id = bot.bot_id) AS links,
       (SELECT count(*) FROM snapshots s WHERE s.bot_id = bot.bot_id) AS snapshots,
       (SELECT min(filled_at) FROM fills f WHERE f.bot_id = bot.bot_id) AS "from",
       (SELECT max(filled_at) FROM fills f WHERE f.bot_id = bot.bot_id) AS "to"
     FROM (SELECT bot_id FROM fills UNION SELECT bot_id FROM links UNION SELECT bot_id FROM snapshots) AS bot
     ORDER BY bot_id`,
  );
  return {
    read,
    bots: bots.map((bot) => ({ ...bot, symbols: symbolsOf(staging, bot.bot_id) })),
    skipped: rows(staging, 'SELECT reason, count, example FROM skipped ORDER BY count DESC, reason'),
    remarks: rows(staging, 'SELECT remark, count, example FROM remarks ORDER BY count DESC, remark'),
    lacking: lacking(staging),
    held: heldIn(staging),
    notes: rows<{ note: string }>(staging, 'SELECT note FROM notes').map(({ note }) => note),
  };
}

const symbolsOf = (staging: DatabaseSync, botId: string): BotHistory['symbols'] =>
  rows(
    staging,
    'SELECT symbol, count(*) AS fills FROM fills WHERE bot_id = ? GROUP BY symbol ORDER BY fills DESC, symbol',
    botId,
  );
