import { parseArgs } from 'node:util';
import * as z from 'zod';
import { day } from '../../functions/contract/fields.ts';

export const HELP = `npm run report: prints the report of the last complete trading day, as it is mailed.

  --date <day>        of another day, such as 2026-11-22
  --kind weekly       the review of the seven days up to it, instead of the daily report
  --bot <id>          of this bot only
  --format <format>   text (the default), html or json

  --resend --date <day>   mails that day's report again, to those recipients to whom it is not known to have gone

  --url <address>     the service on this machine (http://127.0.0.1:3000, or the port that PORT names)
  --stage <name>      the service deployed under this stage, by the AWS credentials that the AWS CLI would take …
  --region <name>     … in this region; by default that of the AWS profile

Ends with 0 when it is done, with 1 when that failed, and with 2 when the question is wrong.`;

const Values = z
  .strictObject({
    date: day.optional(),
    kind: z.enum(['daily', 'weekly'], 'must be daily or weekly').default('daily'),
    bot: z.string().min(1, 'must be the id of a bot').optional(),
    format: z.enum(['text', 'html', 'json'], 'must be text, html or json').optional(),
    resend: z.boolean().default(false),
    url: z.url({ protocol: /^https?$/, error: 'must be an address such as http://127.0.0.1:3000' }).optional(),
    stage: z.string().min(1, 'must be the name of a stage').optional(),
    region: z.string().optional(),
  })
  .refine(({ resend, date }) => !resend || date, { path: ['date'], error: 'is missing: which day is sent again' })
  .refine(({ resend, bot, format }) => !resend || !(bot || format), {
    path: ['resend'],
    error: 'sends the whole mail: it goes without --bot and --format',
  })
  .refine(({ url, stage }) => !(url && stage), { path: ['stage'], error: 'goes without --url' })
  .refine(({ region, stage }) => !region || stage, { path: ['region'], error: 'goes with --stage' });
export type Options = z.output<typeof Values>;

/** What the command line asks for; null when it asks for help.
 *  @throws Error that says what is wrong with it */
export function readOptions(args: string[]): Options | null {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args,
    options: {
      help: { type: 'boolean', short: 'h' },
      ...{ date: text, kind: text, bot: text, format: text, url: text, stage: text, region: text },
      resend: { type: 'boolean' },
    },
  });
  const { help, ...asked } = values;
  if (help) return null;
  const parsed = Values.safeParse(asked);
  if (parsed.success) return parsed.data;
  throw new Error(parsed.error.issues.map(({ path, message }) => `--${path.join('.')} ${message}`).join('\n'));
}
