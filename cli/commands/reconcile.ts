import { timeZone } from '../../functions/contract/fields.ts';
import { count, counted, shortId, usd } from '../../functions/formatting.ts';
import { type Block, left, right } from '../../functions/report/document/blocks.ts';
import { plain } from '../../functions/report/document/plain.ts';
import { recordReconciliation } from '../../functions/trades/data-quality/contract.ts';
import { command, sentence } from '../command.ts';
import { quoteUsd } from '../import/prices-option.ts';
import type { Claims } from '../reconcile/claim.ts';
import type { Difference, OnlyHere, Reconciled } from '../reconcile/reconcile.ts';
import { serviceOptions } from '../service/location.ts';
import { minute } from '../snapshot.ts';

export const reconcileCommand = command({
  summary: 'Compare the trades with the records of the bot’s own tool',
  operands: { usage: '<file>', least: 1, most: 1 },
  description:
    'Reads the database of freqtrade (or a table or JSON of its trades), or that of Hummingbot, compares the P&L of each closed trade with that here, and lists every difference, and every trade that only the service has, with its reason. The result is recorded, and the report shows it.',
  options: {
    'dry-run': { type: 'boolean', help: 'Do not record the result' },
    run: { type: 'string', value: '<id>', help: 'Only this run of a file with several backtests' },
    'time-zone': {
      type: 'string',
      value: '<name>',
      help: 'Time zone of times without an offset; default: UTC',
      schema: timeZone.default('UTC'),
    },
    'quote-usd': quoteUsd,
  },
  common: serviceOptions,
  examples: { 'tradesv3.sqlite': 'Compare with freqtrade’s database' },
  async run({ bot_id, options, operands: [file = ''] }, { api }) {
    const { claimsIn } = await import('../reconcile/claims.ts');
    const { reconcile } = await import('../reconcile/reconcile.ts');
    const { 'dry-run': isDry, 'time-zone': zone, 'quote-usd': prices, run } = options;
    const read = await claimsIn(file, { timeZone: zone, run });
    const result = await reconcile(api, { bot_id, claims: read.claims, open: read.open, prices });
    const { source, skipped } = read;
    const open = read.open.length;
    if (!isDry && result.compared > 0)
      await api(recordReconciliation, {
        body: { bot_id, source, compared: result.compared, agreed: result.agreed, differences: byReason(result) },
      });
    return { answer: { source, open, skipped, ...result }, shown: blocksOf({ source, open, skipped }, result) };
  },
});

const byReason = ({ differences }: Reconciled) =>
  [...Map.groupBy(differences, ({ reason }) => reason)].map(([reason, trades]) => ({ reason, trades: trades.length }));

interface Read extends Pick<Claims, 'source' | 'skipped'> {
  readonly open: number;
}

function blocksOf({ source, open, skipped }: Read, result: Reconciled): Block[] {
  const { compared, agreed, claimed_pnl_usd, pnl_usd, differences, only_here } = result;
  const others = [
    ...(open > 0 ? [`${counted(open, 'trade')} of ${source} still open there`] : []),
    ...(skipped > 0 ? [`${counted(skipped, 'trade')} without order ids`] : []),
  ];
  const notCompared = others.length > 0 ? ` Not compared: ${others.join(', ')}.` : '';
  return [
    sentence(
      compared === 0
        ? `${source} has no closed trade to compare.${notCompared}`
        : `${count(agreed)} of ${counted(compared, 'trade')} of ${source} agree. P&L: ${usd(claimed_pnl_usd)} there, ${usd(pnl_usd)} here.${notCompared}`,
    ),
    ...(differences.length > 0 ? [tableOf(source, differences)] : []),
    ...(only_here.length > 0 ? [onlyHereTable(only_here)] : []),
  ];
}

const tableOf = (source: string, differences: readonly Difference[]): Block => ({
  type: 'table',
  caption: 'Trades that differ',
  columns: [left('Trade'), left('Symbol'), right(source), right('Here'), left('Reason')],
  rows: differences.map((each) => [
    plain(each.trade, 18),
    plain(each.symbol, 14),
    usd(each.claimed_pnl_usd),
    usd(each.pnl_usd),
    each.reason,
  ]),
});

const onlyHereTable = (trades: readonly OnlyHere[]): Block => ({
  type: 'table',
  caption: 'Trades that are only here; times are in UTC',
  columns: [left('Trade'), left('Closed'), left('Symbol'), right('Here'), left('Reason')],
  rows: trades.map((each) => [
    shortId(each.trade_id),
    minute(each.closed_at),
    plain(each.symbol, 14),
    usd(each.pnl_usd),
    each.reason,
  ]),
});
