import * as z from 'zod';
import { command } from '../command.ts';
import { UsageError } from '../failure.ts';
import { serviceOptions } from '../service/location.ts';
import { type QuoteUsd, quoteUsd } from '../sync/quote-usd.ts';
import type { Source } from '../sync/source.ts';

interface Opened {
  /** The bot's name in its own configuration, where the records do not have it. */
  readonly name: string | undefined;
  /** The file with the settings of its strategy. */
  readonly config: string | undefined;
  readonly prices: QuoteUsd;
}

/** The bots whose records can be synchronised, each with how to open them. */
const sources: Readonly<Record<string, (records: string, how: Opened) => Promise<Source>>> = {
  async freqtrade(records, { name }) {
    if (!/^https?:\/\//.test(records)) return (await import('../freqtrade/sqlite.ts')).freqtradeDatabase(records, name);
    const { FREQTRADE_USERNAME: username, FREQTRADE_PASSWORD: password } = process.env;
    return (await import('../freqtrade/rest.ts')).freqtradeApi(records, { username, password });
  },
  async hummingbot(records, { config, prices }) {
    return (await import('../hummingbot/records.ts')).hummingbotRecords(records, { config, prices });
  },
};

const names = Object.keys(sources).join(', ');

export const syncCommand = command({
  summary: 'Send what a bot’s own records have and the service does not',
  operands: { usage: 'freqtrade|hummingbot <file or address>', least: 2, most: 2 },
  description: `Reads the database of freqtrade (tradesv3.sqlite), which may be running, or its REST API: every filled order, stop losses, and trades without orders. Of Hummingbot it reads the database or the CSV of trades. New fills are sent, those that the bot has changed are corrected, and the rest stays. It can be repeated at any time, and completes what a strategy with the Python client did not send.

If the bot has no snapshot for the time of an order, one is created with the settings that the records have: the name of the strategy, and with the REST API all that it shows. The days of new fills are computed at the end.`,
  options: {
    follow: { type: 'boolean', help: 'Go on until it is interrupted' },
    every: {
      type: 'string',
      value: '<seconds>',
      help: 'With --follow: how often to read the records; default: 15',
      schema: z.coerce.number('must be a number of seconds').min(1, 'must be at least 1').default(15),
    },
    name: {
      type: 'string',
      value: '<name>',
      help: 'bot_name in the configuration of the bot, for a database; default: the name that its strategy has stored there, or freqtrade',
      schema: z.string().min(1, 'must not be empty').max(60, 'must not be longer than 60 characters').optional(),
    },
    config: {
      type: 'string',
      value: '<file>',
      help: 'With hummingbot: the settings of the strategy, as YAML or JSON; each change becomes a snapshot',
    },
    'quote-usd': {
      type: 'string',
      value: '<rates>',
      help: 'Prices in USD of stake currencies that are not dollars, such as EUR=1.08,BTC=97000',
      schema: quoteUsd,
    },
  },
  common: serviceOptions,
  environment: {
    FREQTRADE_USERNAME: 'The login of freqtrade’s REST API',
    FREQTRADE_PASSWORD: 'Its password',
  },
  examples: {
    'freqtrade tradesv3.sqlite': 'Send everything once',
    'freqtrade http://127.0.0.1:8080 --follow': 'Send every order as it is filled',
    'freqtrade tradesv3.sqlite --quote-usd EUR=1.08': 'Trades with EUR as stake currency',
    'hummingbot data/conf_pmm_1.sqlite --config conf/controllers/pmm_1.yml --follow': 'Hummingbot and its settings',
  },
  async run({ options: { name, config, follow, every, 'quote-usd': rates }, operands, bot_id, json }, context) {
    const [kind = '', records = ''] = operands;
    const open = Object.hasOwn(sources, kind) ? sources[kind] : undefined;
    if (!open) throw new UsageError(`there are no records of ${kind} to synchronise: name one of ${names}`);
    const { sync } = await import('../sync/sync.ts');
    const source = await open(records, { name, config, prices: rates });
    return sync(source, { bot_id: bot_id ?? 'default', quoteUsd: rates, follow, every, json }, context);
  },
});
