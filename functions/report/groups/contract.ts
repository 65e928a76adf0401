import * as z from 'zod';
import { botId, day, snapshotId } from '../../contract/fields.ts';
import { operation } from '../../contract/operation.ts';
import { symbol } from '../../trades/contract.ts';

export const Group = z
  .object({
    name: z.string().nullable().meta({ description: 'null: not reported by the bot, or several groups together' }),
    groups: z.int().meta({ description: 'More than 1: the smaller groups together' }),
    total_trades: z.int(),
    winning_trades: z.int(),
    win_rate: z.number(),
    total_pnl_usd: z.number(),
    expectancy_usd: z.number(),
    avg_hold_time_seconds: z.number(),
    median_hold_time_seconds: z.number().nullable(),
  })
  .meta({ id: 'TradeGroup', description: 'Closed trades with a common property' });
export type Group = z.output<typeof Group>;

const groups = z.array(Group);

export const PnlRange = z
  .object({
    from_usd: z.number().meta({ description: 'P&L of a trade, inclusive' }),
    to_usd: z.number().meta({ description: 'Exclusive, but in the last range' }),
    total_trades: z.int(),
  })
  .meta({ id: 'PnlRange' });
export type PnlRange = z.output<typeof PnlRange>;

/** Most days of trades that are grouped at once. */
export const MOST_DAYS_OF_GROUPS = 366;

export const groupTrades = operation({
  id: 'groupTrades',
  method: 'GET',
  path: '/trades/groups',
  capability: 'report',
  summary: 'Group the trades closed on some days by symbol, hour, trigger and signal',
  description: `Of the trades that the summaries count. At most ${MOST_DAYS_OF_GROUPS} days. Each dimension has its 40 largest groups; the others are pooled into one.`,
  input: {
    query: z
      .strictObject({
        bot_id: botId,
        snapshot_id: snapshotId.optional().meta({ description: 'The entry snapshot' }),
        symbol: symbol.optional(),
        from: day.meta({ description: 'The first trading day' }),
        to: day.optional().meta({ description: 'The last trading day; by default the first' }),
      })
      .refine(({ from, to }) => to === undefined || from <= to, { path: ['to'], message: 'must not be before `from`' }),
  },
  answers: {
    200: {
      description: 'The groups',
      schema: z.object({
        from: z.string(),
        to: z.string(),
        total: Group.nullable().meta({ description: 'All of them; null: none was closed' }),
        by_outcome: groups,
        by_symbol: groups,
        by_trigger: groups,
        by_hour: groups.meta({ description: 'Of closing, in the trading time zone' }),
        by_weekday: groups.meta({ description: 'Of closing: 1 is Monday, 7 Sunday' }),
        by_score: groups.meta({ description: 'By buy score relative to the snapshot’s own buy target' }),
        by_indicator_count: groups,
        by_indicator: groups.meta({ description: 'A trade is in the group of each indicator that contributed' }),
        by_pnl: z.array(PnlRange).meta({
          description:
            'A histogram of P&L per trade. The first and the last range reach to the lowest and the highest trade; ranges without trades are left out',
        }),
      }),
    },
  },
});
