import { parseArgs } from 'node:util';
import * as z from 'zod';
import { botId } from '../../functions/contract/fields.ts';
import { timeZone } from '../../functions/settings.ts';
import { PLACE_HELP, Place, placeOptions, wrongOptions } from '../service/place.ts';
import { formats } from './formats.ts';

export const HELP = `npm run import -- <file> [<file> …]   reads a history, and says what of it can be taken: a dry run, which sends nothing
npm run import -- --yes <file> …      and sends it; once more changes nothing

A file is known by what is in it (CSV, JSON, JSON lines, SQLite; gzip as it is), or is the connection string
postgres://… of a database with the old bot's tables. Give files that belong together at once.

  --format <name>      takes it for this: ${formats.map(({ name }) => name).join(', ')}
  --bot <id>           the bot whose history it is (default)
  --run <id>           of a file with several runs of backtests, this one; without it each run is a bot of its own
  --time-zone <name>   the zone of times that say none (UTC)

  --holdings <file>    symbol, size, and price or cost of what was held before the first fill: bought by hand
  --assume-holdings    what sells lack was held, at the price of the first sell

  --yes, --apply       sends it
  --json               the report as JSON

${PLACE_HELP}

Ends with 0 when it is done, with 1 when that failed or something was refused, and with 2 when the question is wrong.`;

const Values = z
  .object({
    files: z.array(z.string()).min(1, 'name a file'),
    format: z
      .enum(
        formats.map(({ name }) => name),
        `must be one of ${formats.map(({ name }) => name).join(', ')}`,
      )
      .optional(),
    bot: botId.unwrap().optional(),
    run: z.string().min(1, 'must be the id of a run').optional(),
    'time-zone': timeZone.default('UTC'),
    holdings: z.string().optional(),
    'assume-holdings': z.boolean().default(false),
    yes: z.boolean().default(false),
    apply: z.boolean().default(false),
    json: z.boolean().default(false),
  })
  .transform(({ apply, yes, ...values }) => ({ ...values, yes: yes || apply }));
export type Options = z.output<typeof Values> & { readonly place: Place };

/** What the command line asks for; null when it asks for help.
 *  @throws Error that says what is wrong with it */
export function readOptions(args: readonly string[]): Options | null {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      help: { type: 'boolean', short: 'h' },
      ...{
        format: text,
        bot: text,
        run: text,
        'time-zone': text,
        holdings: text,
        ...placeOptions,
      },
      ...{ 'assume-holdings': flag, yes: flag, apply: flag, json: flag },
    },
  });
  const { help, ...asked } = values;
  if (help) return null;
  const parsed = Values.safeParse({ ...asked, files: positionals });
  const place = Place.safeParse(asked);
  if (parsed.success && place.success) return { ...parsed.data, place: place.data };
  throw new Error(
    [parsed, place]
      .flatMap(({ error }) => (error ? [wrongOptions(error)] : []))
      .join('\n')
      .replace('--files ', ''),
  );
}
