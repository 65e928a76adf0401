import { parseArgs } from 'node:util';
import * as z from 'zod';
import { day } from '../../functions/contract/fields.ts';
import { PLACE_HELP, Place, placeOptions, wrongOptions } from '../service/place.ts';

export const HELP = `npm run report: prints the report of the last complete trading day, as it is mailed.

  --date <day>        of another day, such as 2026-11-22
  --kind weekly       the review of the seven days up to it, instead of the daily report
  --bot <id>          of this bot only
  --format <format>   text (the default), html or json

  --resend --date <day>   mails that day's report again, to those recipients to whom it is not known to have gone

${PLACE_HELP}

Ends with 0 when it is done, with 1 when that failed, and with 2 when the question is wrong.`;

const Values = z
  .object({
    date: day.optional(),
    kind: z.enum(['daily', 'weekly'], 'must be daily or weekly').default('daily'),
    bot: z.string().min(1, 'must be the id of a bot').optional(),
    format: z.enum(['text', 'html', 'json'], 'must be text, html or json').optional(),
    resend: z.boolean().default(false),
  })
  .refine(({ resend, date }) => !resend || date, { path: ['date'], error: 'is missing: which day is sent again' })
  .refine(({ resend, bot, format }) => !resend || !(bot || format), {
    path: ['resend'],
    error: 'sends the whole mail: it goes without --bot and --format',
  });
export type Options = z.output<typeof Values> & { readonly place: Place };

/** What the command line asks for; null when it asks for help.
 *  @throws Error that says what is wrong with it */
export function readOptions(args: string[]): Options | null {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args,
    options: {
      help: { type: 'boolean', short: 'h' },
      ...{ date: text, kind: text, bot: text, format: text, ...placeOptions },
      resend: { type: 'boolean' },
    },
  });
  if (values.help) return null;
  const asked = Values.safeParse(values);
  const place = Place.safeParse(values);
  if (asked.success && place.success) return { ...asked.data, place: place.data };
  throw new Error([asked, place].flatMap(({ error }) => (error ? [wrongOptions(error)] : [])).join('\n'));
}
