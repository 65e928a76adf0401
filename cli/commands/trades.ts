import * as z from 'zod';
import { day, instant } from '../../functions/contract/fields.ts';
import { duration, shortId, usd } from '../../functions/formatting.ts';
import { left, right } from '../../functions/report/document/blocks.ts';
import { plain } from '../../functions/report/document/plain.ts';
import { listTrades, type Trade } from '../../functions/trades/contract.ts';
import { command, sentence } from '../command.ts';
import { serviceOptions } from '../service/location.ts';
import { idOfNamed, minute } from '../snapshot.ts';
import { LONGEST_SYMBOL } from '../trade.ts';

/** Columns of a screen that has room for the time of day. */
const LEAST_WITH_TIME = 80;

const isDay = (time: string): boolean => day.safeParse(time).success;

const dayOrTime = z
  .string()
  .refine(
    (time) => isDay(time) || instant.safeParse(time).success,
    'must be a day such as 2026-11-22, or a time with an offset such as 2026-11-22T08:00:00Z',
  )
  .optional();

export const trades = command({
  summary: 'List the closed trades, the newest first',
  options: {
    snapshot: { type: 'string', value: '<snapshot>', help: 'Only what was entered under this snapshot' },
    symbol: { type: 'string', value: '<symbol>', help: 'Only this symbol' },
    side: { type: 'string', value: '<side>', help: 'Only long or short' },
    from: {
      type: 'string',
      value: '<time>',
      help: 'Closed since: a day in UTC, or a time with an offset',
      schema: dayOrTime,
    },
    to: {
      type: 'string',
      value: '<time>',
      help: 'Closed until: a day in UTC, including it, or before a time',
      schema: dayOrTime,
    },
    limit: { type: 'string', value: '<n>', help: 'At most this many; default: 20' },
  },
  common: serviceOptions,
  examples: { '--symbol BTC-USD --from 2026-11-20 --to 2026-11-22': 'Three days of one symbol' },
  async run({ bot_id, options: { snapshot, from, to, limit = '20', ...filters } }, { api, width }) {
    const hasTime = width >= LEAST_WITH_TIME;
    const snapshot_id = await idOfNamed(api, bot_id, snapshot);
    const range = { from: from && startOf(from), to: to && endOf(to) };
    const { body: answer } = await api(listTrades, { query: { bot_id, snapshot_id, limit, ...filters, ...range } });
    if (answer.trades.length === 0)
      return {
        answer,
        shown: [
          sentence(
            'No such trade was closed. "strategy positions" lists what is open, and "strategy bots" the bots with trades.',
          ),
        ],
      };
    return {
      answer,
      shown: [
        {
          type: 'table',
          caption: 'Closed trades, the newest first; times are in UTC',
          columns: [
            ...[left('Trade'), left('Closed'), ...(hasTime ? [left('At')] : []), left('Symbol'), left('Side')],
            ...[right('P&L'), right('Held'), left('Exit')],
          ],
          rows: answer.trades.map((trade) => rowOf(trade, hasTime)),
        },
        sentence('"strategy trade <id>" shows what the P&L of one consists of.'),
        ...(answer.next_cursor
          ? [sentence('There are older ones: --limit shows up to 500, and --to earlier ones.')]
          : []),
      ],
    };
  },
});

const rowOf = (trade: Trade, hasTime: boolean): string[] => [
  shortId(trade.trade_id),
  // In two columns, as a narrow screen cuts longer cells.
  ...minute(trade.closed_at)
    .split(' ')
    .slice(0, hasTime ? 2 : 1),
  plain(trade.symbol, LONGEST_SYMBOL),
  trade.side,
  usd(trade.pnl_usd),
  duration(trade.hold_seconds),
  plain(trade.exit_reason ?? trade.trigger_type ?? '–', 14),
];

const DAY_MS = 86_400_000;

const startOf = (time: string): string => (isDay(time) ? `${time}T00:00:00Z` : time);

/** The end of a day is the start of the next. */
const endOf = (time: string): string =>
  isDay(time) ? new Date(Date.parse(startOf(time)) + DAY_MS).toISOString() : time;
