import { count, counted, factor, percent, usd } from '../../functions/formatting.ts';
import { nameOf } from '../../functions/report/document/format.ts';
import type { BotResults } from './results.ts';

/** Bots and strategies that are shown; `strategy compare` has all. */
const SHOWN = 5;

/** The figures of the imported strategies, or how they get some. */
export function resultLines(
  results: readonly BotResults[],
  { config }: { readonly config: string | undefined },
): string[] {
  const lines = results.slice(0, SHOWN).flatMap((bot) => linesOf(bot, config !== undefined));
  const more = results.length > SHOWN ? [`… and ${counted(results.length - SHOWN, 'more bot')}`] : [];
  return lines.length > 0 ? ['', ...lines, ...more] : [];
}

function linesOf({ bot_id, strategies, orders_without_snapshot }: BotResults, isConfigured: boolean): string[] {
  const traded = strategies.filter(({ total_trades, open_positions }) => total_trades > 0 || open_positions > 0);
  const bot = bot_id === 'default' ? '' : ` --bot ${bot_id}`;
  return [
    ...traded.slice(0, SHOWN).map((strategy) => {
      return `${nameOf(strategy)}: ${counted(strategy.total_trades, 'trade')}, win rate ${percent(strategy.avg_win_rate)}, P&L ${usd(strategy.total_pnl)}, profit factor ${factor(strategy.avg_profit_factor)}, ${usd(strategy.avg_expectancy)} per trade, ${count(strategy.open_positions)} open`;
    }),
    ...(traded.length > 0 ? [`Look at it: strategy compare${bot}, strategy trades${bot}`] : []),
    ...(orders_without_snapshot > 0
      ? [
          `Bot ${bot_id}: ${counted(orders_without_snapshot, 'order')} from before its first snapshot count for no strategy.${
            isConfigured ? '' : ' Repeat the import with --config settings.json, the settings that they traded with.'
          }`,
        ]
      : []),
  ];
}
