import * as z from 'zod';
import { botId, timeZone } from '../../functions/contract/fields.ts';
import { command } from '../command.ts';
import { formats } from '../import/formats.ts';
import { quoteUsd } from '../import/prices-option.ts';
import { serviceOptions } from '../service/location.ts';

const formatNames = formats.map(({ name }) => name);

export const importCommand = command({
  summary: 'Import a history from Coinbase, ccxt, freqtrade, Hummingbot or an old bot',
  operands: { usage: '<file>…', least: 1, most: Infinity },
  description: `Without --yes it is a dry run: it reports what can be imported and sends nothing. Repeating an import changes nothing.

A file is recognised by its content (CSV, JSON, JSON lines or SQLite; also gzipped), or can be the connection string (postgres://…) of a database with the old bot's tables. Pass files that belong together in one command.`,
  options: {
    yes: { type: 'boolean', help: 'Send the history to the service' },
    format: {
      type: 'string',
      value: '<name>',
      help: `Read the files as ${formatNames.slice(0, -1).join(', ')} or ${formatNames.at(-1)}`,
      schema: z.enum(formatNames, `must be one of ${formatNames.join(', ')}`).optional(),
    },
    run: {
      type: 'string',
      value: '<id>',
      help: 'Only this run of a file with several backtests; by default each run becomes a separate bot',
      schema: z.string().min(1, 'must be the id of a run').optional(),
    },
    'time-zone': {
      type: 'string',
      value: '<name>',
      help: 'Time zone of times without an offset; default: UTC',
      schema: timeZone.default('UTC'),
    },
    holdings: {
      type: 'string',
      value: '<file>',
      help: 'File with the symbol, size, and price or cost of holdings from before the first fill; they become manual buys',
    },
    'assume-holdings': {
      type: 'boolean',
      help: 'Assume that the size missing to sells was held before, bought at the price of the first sell',
    },
    config: {
      type: 'string',
      value: '<file>',
      help: 'The settings that the strategy traded with, as JSON or YAML: they become its snapshot, to which the trades belong',
    },
    from: {
      type: 'string',
      value: '<time>',
      help: 'When these settings became active: a day or a time; default: with the first order',
    },
    notes: {
      type: 'string',
      value: '<text>',
      help: 'The name of the strategy; default: the name of the settings file',
    },
    'quote-usd': quoteUsd,
    bot: {
      type: 'string',
      value: '<id>',
      help: 'The bot to which the history belongs; default: default',
      schema: botId.unwrap().optional(),
    },
  },
  common: serviceOptions,
  examples: {
    'coinbase-fills.json': 'Show what can be imported from a file',
    '--yes --config settings.json coinbase-fills.json': 'Import it under the settings that it was traded with',
    '--yes --config settings.json --from 2026-05-01 --quote-usd EUR=1.08 trades.json':
      'The same with settings since May, and trades in euros',
    '--stage dev --yes postgres://bot@localhost/trading': 'Import an old bot’s tables into a deployed service',
  },
  async run({ options, operands: files, json }, context) {
    const { importHistory } = await import('../import/import-history.ts');
    const { 'time-zone': zone, 'assume-holdings': assumeHoldings, 'quote-usd': usd, yes, ...others } = options;
    const read = { ...others, files, timeZone: zone, assumeHoldings, prices: usd };
    return importHistory({ ...read, yes, json }, context);
  },
});
