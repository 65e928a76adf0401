import { shortId, usd } from '../../functions/formatting.ts';
import { type Column, left, right } from '../../functions/report/document/blocks.ts';
import { plain } from '../../functions/report/document/plain.ts';
import { listPositions, type Position } from '../../functions/trades/contract.ts';
import { command, sentence } from '../command.ts';
import { serviceOptions } from '../service/location.ts';
import { idOfNamed, minute } from '../snapshot.ts';
import { digits, LONGEST_SYMBOL } from '../trade.ts';

/** All columns; a narrow screen shows only the first ones. */
const columns: readonly { readonly column: Column; readonly of: (position: Position) => string }[] = [
  { column: left('Symbol'), of: ({ symbol }) => plain(symbol, LONGEST_SYMBOL) },
  { column: left('Side'), of: ({ side, dust }) => (dust ? `${side}*` : side) },
  { column: right('Size'), of: ({ size }) => digits(size) },
  { column: right('Entry'), of: ({ entry_price_usd }) => digits(entry_price_usd) },
  { column: right('Unrealised'), of: ({ unrealised_pnl_usd }) => usd(unrealised_pnl_usd) },
  { column: left('Since'), of: ({ opened_at }) => minute(opened_at) },
  { column: left('Snapshot'), of: ({ entry_snapshot_id: id }) => (id === null ? '–' : shortId(id)) },
];
const NARROW_COLUMNS = 5;
/** The width of a screen with room for every column. */
const WIDE = 80;

export const positions = command({
  summary: 'List what is open, the oldest first',
  options: {
    snapshot: { type: 'string', value: '<snapshot>', help: 'Only what was entered under this snapshot' },
    symbol: { type: 'string', value: '<symbol>', help: 'Only this symbol' },
    limit: { type: 'string', value: '<n>', help: 'At most this many; default: 50' },
  },
  common: serviceOptions,
  async run({ bot_id, options: { snapshot, symbol, limit } }, { api, width }) {
    const snapshot_id = await idOfNamed(api, bot_id, snapshot);
    const { body: answer } = await api(listPositions, { query: { bot_id, snapshot_id, symbol, limit } });
    if (answer.positions.length === 0)
      return { answer, shown: [sentence('Nothing is open. "strategy trades" lists what was closed.')] };
    const shown = width < WIDE ? columns.slice(0, NARROW_COLUMNS) : columns;
    return {
      answer,
      shown: [
        {
          type: 'table',
          caption: 'Open positions; unrealised P&L at the latest price of each symbol; times are in UTC',
          columns: shown.map(({ column }) => column),
          rows: answer.positions.map((position) => shown.map(({ of }) => of(position))),
        },
        ...(answer.positions.some(({ dust }) => dust)
          ? [sentence('* Less than 1 % of what was opened is left: it counts as closed.')]
          : []),
        ...(answer.next_cursor ? [sentence('There are more: --limit shows up to 500.')] : []),
      ],
    };
  },
});
