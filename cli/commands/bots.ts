import { count, percent, shortId, usd } from '../../functions/formatting.ts';
import { type Block, left, right } from '../../functions/report/document/blocks.ts';
import { nameOf } from '../../functions/report/document/format.ts';
import { plain } from '../../functions/report/document/plain.ts';
import { type Bot, listBots } from '../../functions/service/contract.ts';
import { command, sentence } from '../command.ts';
import { serviceOptions } from '../service/location.ts';
import { minute } from '../snapshot.ts';

const { bot: _, ...options } = serviceOptions;

export const bots = command({
  summary: 'List the bots with their strategies and what is open',
  options: { limit: { type: 'string', value: '<n>', help: 'At most this many; default: 50' } },
  common: options,
  async run({ options: { limit } }, { api }) {
    const { body: answer } = await api(listBots, { query: { limit } });
    if (answer.bots.length === 0)
      return {
        answer,
        shown: [
          sentence(
            'There is no bot yet. "strategy import <file>" imports a history, and docs/bots.md shows what a bot sends.',
          ),
        ],
      };
    return {
      answer,
      shown: [
        {
          type: 'table',
          caption: 'Bots; times are in UTC',
          columns: [
            ...[left('Bot'), left('Strategy'), left('Last fill'), right('Open')],
            ...[right('Unrealised'), right('Linked')],
          ],
          rows: answer.bots.map(rowOf),
        },
        sentence(
          'Linked: the share of the orders of the last complete trading day. --bot <id> selects a bot in every command.',
        ),
        ...testsOf(answer.bots),
        ...(answer.next_cursor ? [sentence('There are more: --limit shows up to 500.')] : []),
      ],
    };
  },
});

function testsOf(bots: readonly Bot[]): Block[] {
  const running = bots.flatMap(({ bot_id, experiment_id }) =>
    experiment_id === null ? [] : [`${plain(bot_id, 20)} ${shortId(experiment_id)}`],
  );
  if (running.length === 0) return [];
  return [sentence(`Running tests: ${running.join(', ')}. "strategy experiment show" shows one.`)];
}

const rowOf = (bot: Bot): string[] => [
  plain(bot.bot_id, 20),
  bot.snapshot_id === null ? '–' : nameOf({ snapshot_id: bot.snapshot_id, notes: bot.notes }, 30),
  bot.last_filled_at === null ? '–' : minute(bot.last_filled_at),
  count(bot.open_positions),
  usd(bot.unrealised_pnl_usd),
  percent(bot.link_rate),
];
