import { duration, usd } from '../../functions/formatting.ts';
import { type Block, left, right } from '../../functions/report/document/blocks.ts';
import { nameOf } from '../../functions/report/document/format.ts';
import { plain } from '../../functions/report/document/plain.ts';
import type { TradeDetail } from '../../functions/trades/contract.ts';
import { command, sentence } from '../command.ts';
import { serviceOptions } from '../service/location.ts';
import { minute } from '../snapshot.ts';
import { digits, LONGEST_SYMBOL, tradeNamed } from '../trade.ts';

export const trade = command({
  summary: 'Show a trade with everything that its P&L consists of',
  operands: { usage: '<id>', least: 1, most: 1 },
  description: '"strategy trades" lists the ids. The start of an id is enough.',
  options: {},
  common: serviceOptions,
  async run({ bot_id, operands: [id = ''] }, { api }) {
    const answer = await tradeNamed(api, bot_id, id);
    return { answer, shown: [sentence(described(answer)), ...tables(answer), ...signals(answer)] };
  },
});

function described(detail: TradeDetail): string {
  const { symbol, side, size, opened_at, closed_at, pnl_usd, hold_seconds, entry_price_usd, exit_price_usd } = detail;
  const entry = detail.snapshots.find(({ snapshot_id }) => snapshot_id === detail.entry_snapshot_id);
  const why = detail.exit_reason ?? detail.trigger_type;
  const strategy = entry ? `under ${nameOf(entry)}` : 'before the first snapshot';
  return `${plain(symbol, LONGEST_SYMBOL)} ${side}, ${digits(size)} from ${digits(entry_price_usd)} to ${digits(exit_price_usd)} USD: P&L ${usd(pnl_usd)} after ${duration(hold_seconds)}. Opened ${minute(opened_at)} and closed ${minute(closed_at)} UTC, ${strategy}${why ? `; exit: ${plain(why, 60)}` : ''}.`;
}

const tables = ({ fills, allocations }: TradeDetail): Block[] => [
  {
    type: 'table',
    caption: 'Its fills; prices in the quote currency',
    columns: [left('Time (UTC)'), left('Side'), right('Size'), right('Price'), right('Fee'), left('Order')],
    rows: fills.map((fill) => [
      minute(fill.filled_at),
      fill.side,
      digits(Number(fill.size)),
      digits(Number(fill.price)),
      fill.fee_usd === null ? 'missing' : usd(Number(fill.fee_usd)),
      plain(fill.order_id, 24),
    ]),
  },
  {
    type: 'table',
    caption: 'What closed what, first in, first out; in USD with the fees of both sides',
    columns: [
      left('Opened (UTC)'),
      left('Closed (UTC)'),
      right('Size'),
      right('Cost'),
      right('Proceeds'),
      right('P&L'),
    ],
    rows: allocations.map((each) => [
      minute(each.opened_at),
      minute(each.closed_at),
      digits(Number(each.size)),
      usd(Number(each.cost_basis_usd)),
      usd(Number(each.net_proceeds_usd)),
      usd(Number(each.pnl_usd)),
    ]),
  },
];

/** The signals that the bot reported for the orders. */
const signals = ({ links }: TradeDetail): Block[] =>
  links.length === 0
    ? []
    : [
        {
          type: 'table',
          caption: 'Its signals',
          columns: [left('Order'), left('Trigger'), left('Exit'), right('Buy score'), right('Sell score')],
          rows: links.map((link) => [
            plain(link.order_id ?? '–', 24),
            plain(link.trigger_type ?? '–', 20),
            plain(link.exit_reason ?? '–', 20),
            link.buy_score === null ? '–' : String(link.buy_score),
            link.sell_score === null ? '–' : String(link.sell_score),
          ]),
        },
      ];
