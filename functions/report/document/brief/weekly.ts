import { count, percent, usd } from '../../../formatting.ts';
import { daysChart } from '../../charts/days.ts';
import type { WeeklyReview, WeeklySection } from '../../contract.ts';
import { type Block, left, right } from '../blocks.ts';
import { chartBlock } from '../chart-block.ts';
import { isOnlyOutside } from '../headline.ts';
import { linksTo } from '../page-links.ts';
import { plain } from '../plain.ts';
import { symbolBlocks } from '../symbols.ts';
import { weeksTable } from '../weekly.ts';
import { decisionBlock, evidenceBlocks, strategiesTable } from './daily.ts';
import { problemBlocks } from './problems.ts';

/** Most triggers in the brief review. */
const MOST_TRIGGERS = 5;

/** The weekly section of a bot in short: what to do, the week against the week before, symbols to act on, what is wrong. */
export function briefWeeklySection(
  section: WeeklySection,
  report: Pick<WeeklyReview, 'complete' | 'dashboard_url' | 'date'>,
): Block[] {
  const { complete } = report;
  const { bot_id, week, strategies } = section;
  const absent = isOnlyOutside(section);
  return [
    { type: 'heading', level: 2, text: `Bot ${plain(bot_id, 64)}` },
    decisionBlock(section),
    ...linksTo(section, report),
    {
      type: 'figures',
      figures: [
        {
          label: complete ? 'P&L of the week' : 'P&L of the week so far',
          value: usd(absent ? null : week.total_pnl_usd),
        },
        { label: 'Trades', value: count(absent ? null : week.total_trades) },
        { label: 'Win rate', value: percent(week.win_rate) },
      ],
    },
    ...chartBlock(daysChart(section.days)),
    weeksTable(section),
    ...evidenceBlocks(section),
    ...triggerTable(section),
    ...symbolBlocks(section.symbols),
    ...problemBlocks(section),
    ...strategiesTable(strategies),
  ];
}

function triggerTable({ by_trigger }: WeeklySection): Block[] {
  if (by_trigger.length < 2) return [];
  return [
    {
      type: 'table',
      caption: 'By exit trigger, the most frequent',
      columns: [left('Trigger'), right('Trades'), right('P&L'), right('Per trade')],
      rows: by_trigger
        .toSorted((a, b) => b.total_trades - a.total_trades)
        .slice(0, MOST_TRIGGERS)
        .map(({ name, total_trades, total_pnl_usd, expectancy_usd }) => [
          name === null ? 'not given' : plain(name, 24),
          count(total_trades),
          usd(total_pnl_usd),
          usd(expectancy_usd),
        ]),
    },
  ];
}
