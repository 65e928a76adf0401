import type { Strategy } from '../comparison/contract.ts';
import { targetSentence } from '../comparison/targets.ts';
import { daySentence } from './day-sentence.ts';
import { definitions } from './definitions.ts';
import { count, counted, factor, longDay, nameOf, pairOf, percent, usd } from './format.ts';
import type { BotSection, Report } from './report.ts';
import { table } from './table.ts';

/** The report for reading as plain text: short lines, aligned tables. */
export function asText(report: Report): string {
  const title = `Strategy report, ${longDay(report.date)}`;
  return [
    `${title}\n${'='.repeat(title.length)}\nTrading days in ${report.time_zone}`,
    ...(report.bots.length === 0 ? ['No bot has reported anything yet.'] : report.bots.map(section)),
    `What the numbers mean\n${table(definitions.map(([term, meaning]) => [`  ${term}`, meaning]))}`,
  ]
    .join('\n\n')
    .concat('\n');
}

function section({ bot_id, day, outside, strategies, verdict, correction, coverage }: BotSection): string {
  return [
    `Bot ${bot_id}`,
    ...(verdict
      ? [verdict.summary, pairOf(verdict), ...Object.values(verdict.label_notes).map((note) => `- ${note}`)]
      : []
    )
      .filter((line) => line !== null)
      .map((line) => `  ${line}`),
    '',
    ...(correction ? [`  ${correction}`, ''] : []),
    `  P&L ${usd(day.total_pnl_usd)}, ${counted(day.total_trades, 'trade')}, win rate ${percent(day.win_rate)}, link rate ${percent(coverage.link_rate)}`,
    `  ${daySentence(day, coverage)}`,
    ...(outside.manual_trades > 0
      ? [`  By hand, in no strategy: ${counted(outside.manual_trades, 'trade')}, ${usd(outside.manual_pnl_usd)}`]
      : []),
    ...(outside.unattributed_trades > 0
      ? [
          `  Before the first snapshot: ${counted(outside.unattributed_trades, 'trade')}, ${usd(outside.unattributed_pnl_usd)}`,
        ]
      : []),
    '',
    ...(strategies.length === 0
      ? ['  No snapshot of this bot’s settings yet.']
      : [
          strategyTable(strategies),
          '',
          ...strategies.map((strategy) => `${nameOf(strategy)}: ${targetSentence(strategy.targets)}`),
        ]),
  ].join('\n');
}

/** The strategies side by side, as the demo and the mail show them. */
export function strategyTable(strategies: readonly Strategy[]): string {
  const head = ['Strategy', 'Days', 'Trades', 'Win %', 'P&L', 'Profit factor', 'Expectancy', 'Fast exits'];
  const rows = strategies.map((strategy) => [
    nameOf(strategy, 32),
    count(strategy.days_active),
    count(strategy.total_trades),
    percent(strategy.avg_win_rate),
    usd(strategy.total_pnl),
    factor(strategy.avg_profit_factor),
    usd(strategy.avg_expectancy),
    percent(strategy.fast_exit_rate),
  ]);
  return table([head, ...rows], { alignRight: [1, 2, 3, 4, 5, 6, 7] });
}
