import { recipientsText } from '../../functions/report/delivery/recipients-text.ts';
import { type Block, left } from '../../functions/report/document/blocks.ts';
import { plain } from '../../functions/report/document/plain.ts';
import { type Bot, type BotSettings, listBots, setBot } from '../../functions/service/contract.ts';
import { command, sentence } from '../command.ts';
import { UsageError } from '../failure.ts';
import type { Api } from '../service/api.ts';
import { serviceOptions } from '../service/location.ts';

export const recipients = command({
  summary: 'Show or set who gets the reports of a bot, and when',
  operands: { usage: '[<address>...]', most: 50 },
  description:
    'A bot with recipients of its own is mailed to them alone, and leaves the mail to the recipients of the deployment (report_recipients). Bots with the same recipients and times share a mail. All of these settings are replaced: name every address each time. Without an address, it lists the bots that have recipients of their own.',
  options: {
    'time-zone': { type: 'string', value: '<zone>', help: 'Mail at the report hour in this time zone' },
    quiet: { type: 'string', value: '<from-until>', help: 'Mail nothing in these hours, such as 22:00-07:30' },
    deployment: { type: 'boolean', help: 'Back to the recipients of the deployment' },
  },
  common: serviceOptions,
  examples: {
    'ann@example.org --bot scalper --time-zone America/New_York': 'In the morning in New York',
    '--bot scalper --deployment': 'To the recipients of the deployment again',
  },
  async run({ bot_id: given, operands, options }, { api }) {
    const bot_id = given ?? 'default';
    const { 'time-zone': time_zone = null, quiet, deployment } = options;
    if (deployment && (operands.length > 0 || time_zone || quiet))
      throw new UsageError('--deployment cannot be combined with addresses, --time-zone or --quiet');
    if (!deployment && operands.length === 0) {
      if (time_zone || quiet)
        throw new UsageError('--time-zone and --quiet need the addresses: all settings of the bot are replaced');
      return listed(api, given);
    }
    const settings = { recipients: deployment ? null : [...operands], time_zone, quiet_hours: quietHours(quiet) };
    const { body: answer } = await api(setBot, { path: { bot_id }, body: settings });
    return { answer, shown: [sentence(`Reports of ${plain(bot_id, 64)}: ${recipientsText(answer)}.`)] };
  },
});

function quietHours(quiet: string | undefined): BotSettings['quiet_hours'] {
  if (quiet === undefined) return null;
  const [, from, until] = /^(\d\d:\d\d)-(\d\d:\d\d)$/.exec(quiet) ?? [];
  if (!from || !until) throw new UsageError('--quiet must be two times of day such as 22:00-07:30');
  return { from, until };
}

async function listed(
  api: Api,
  only: string | undefined,
): Promise<{ answer: readonly Bot[]; shown: readonly Block[] }> {
  const bots: Bot[] = [];
  let cursor: string | undefined;
  do {
    const { body } = await api(listBots, { query: { limit: 500, cursor } });
    bots.push(...body.bots.filter(({ bot_id, recipients }) => recipients !== null && bot_id === (only ?? bot_id)));
    cursor = body.next_cursor ?? undefined;
  } while (cursor !== undefined);
  if (bots.length === 0)
    return {
      answer: bots,
      shown: [
        sentence(
          only === undefined
            ? 'No bot has recipients of its own: one mail for all of them.'
            : `${plain(only, 64)} has no recipients of its own.`,
        ),
      ],
    };
  return {
    answer: bots,
    shown: [
      {
        type: 'table',
        caption: 'Bots with recipients of their own',
        columns: [left('Bot'), left('Recipients'), left('Time zone'), left('Quiet')],
        rows: bots.map(rowOf),
      },
    ],
  };
}

const rowOf = ({ bot_id, recipients, time_zone, quiet_hours }: Bot): string[] => [
  plain(bot_id, 20),
  (recipients ?? []).join(', '),
  time_zone ?? 'of trading days',
  quiet_hours === null ? '–' : `${quiet_hours.from}-${quiet_hours.until}`,
];
