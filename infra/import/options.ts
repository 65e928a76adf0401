import { parseArgs } from 'node:util';
import * as z from 'zod';
import { botId } from '../../functions/contract/fields.ts';
import { timeZone } from '../setting-values.ts';
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

  --url <address>      the service on this machine (http://127.0.0.1:3000, or the port that PORT names)
  --stage <name>       the service deployed under this stage, by the AWS credentials that the AWS CLI would take …
  --region <name>      … in this region; by default that of the AWS profile

Ends with 0 when it is done, with 1 when that failed or something was refused, and with 2 when the question is wrong.`;

const Values = z
  .strictObject({
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
    url: z.url({ protocol: /^https?$/, error: 'must be an address such as http://127.0.0.1:3000' }).optional(),
    stage: z.string().min(1, 'must be the name of a stage').optional(),
    region: z.string().optional(),
  })
  .refine(({ url, stage }) => !(url && stage), { path: ['stage'], error: 'goes without --url' })
  .refine(({ region, stage }) => !region || stage, { path: ['region'], error: 'goes with --stage' })
  .transform(({ apply, yes, ...values }) => ({ ...values, yes: yes || apply }));
export type Options = z.output<typeof Values>;

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
        url: text,
        stage: text,
        region: text,
      },
      ...{ 'assume-holdings': flag, yes: flag, apply: flag, json: flag },
    },
  });
  const { help, ...asked } = values;
  if (help) return null;
  const parsed = Values.safeParse({ ...asked, files: positionals });
  if (parsed.success) return parsed.data;
  const said = parsed.error.issues.map(({ path, message }) =>
    path[0] === 'files' ? message : `--${path.join('.')} ${message}`,
  );
  throw new Error(said.join('\n'));
}
