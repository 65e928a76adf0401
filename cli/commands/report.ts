import * as z from 'zod';
import { day } from '../../functions/contract/fields.ts';
import { counted } from '../../functions/formatting.ts';
import { getReport } from '../../functions/report/contract.ts';
import { type Args, type Context, command, type Result } from '../command.ts';
import { UsageError } from '../failure.ts';
import { wrappedText } from '../screen.ts';
import { serviceOptions } from '../service/location.ts';

const options = {
  date: {
    type: 'string',
    value: '<day>',
    help: 'A day such as 2026-11-22; default: the last complete trading day',
    schema: day.optional(),
  },
  kind: {
    type: 'string',
    value: '<kind>',
    help: 'daily (default), or weekly: a review of the seven days up to the date',
    schema: z.enum(['daily', 'weekly'], 'must be daily or weekly').default('daily'),
  },
  format: {
    type: 'string',
    value: '<format>',
    help: 'text (default), html or json',
    schema: z.enum(['text', 'html', 'json'], 'must be text, html or json').optional(),
  },
  full: { type: 'boolean', help: 'Everything, as in the full report that is attached to the mail' },
  open: {
    type: 'boolean',
    help: 'Open it as a page with its charts in the browser, or write it to a file without one',
  },
  resend: { type: 'boolean', help: 'Mail the report of --date again, only to those who are not known to have it' },
} as const;
type Given = Args<typeof options>;

export const report = command({
  summary: 'Print, open or resend the report of a day',
  options,
  common: serviceOptions,
  examples: {
    '': 'The last daily report, as text',
    '--kind weekly --open': 'The last weekly review, in the browser',
    '--full': 'With symbols, hours, triggers, the quality of the data and definitions',
    '--resend --date 2026-11-22': 'Mail the report of 22 November again',
  },
  run: (args, context) => (args.options.resend ? resent(args, context) : printed(args, context)),
});

async function printed(
  { bot_id, options: { date, kind, format, full, open }, json }: Given,
  context: Context,
): Promise<Result> {
  if (open && (json || format)) throw new UsageError('--open cannot be combined with --format or --json');
  const chosen = format ?? (json ? 'json' : open ? 'html' : 'text');
  const { body: answer } = await context.api(getReport, {
    query: { bot_id, date, kind, detail: full ? 'full' : 'brief', format: chosen },
  });
  if (open) return { answer, shown: await opened(String(answer), kind) };
  if (chosen === 'json') return { answer, shown: JSON.stringify(answer, null, 2) };
  return { answer, shown: chosen === 'html' ? String(answer) : wrappedText(String(answer), context.width) };
}

async function opened(page: string, kind: string): Promise<string> {
  const { openPage } = await import('../browser.ts');
  const { file, isOpen } = await openPage(page, `${kind}-report.html`);
  return isOpen ? `Opened ${file}` : `There is no browser: the report is in ${file}`;
}

async function resent(
  { bot_id, options: { date, kind, ...others }, json }: Given,
  { location }: Context,
): Promise<Result> {
  if (date === undefined) throw new UsageError('--resend needs --date: the day whose report is mailed again');
  if (bot_id || json || others.format || others.full || others.open)
    throw new UsageError(
      '--resend mails the whole report: it cannot be combined with --bot, --format, --full, --json or --open',
    );
  const [{ resend }, { scheduleOf }] = await Promise.all([
    import('../report/resend.ts'),
    import('../report/mailed-report.ts'),
  ]);
  const answer = await resend({ kind, date }, location);
  const { sent, mailings } = answer;
  const mail = `${scheduleOf(kind).replace('-', ' ')} of ${date}`;
  return {
    answer,
    shown: [
      sent === 0
        ? `Nothing was mailed: every recipient is known to have the ${mail}.`
        : `The ${mail} was mailed to ${counted(sent, 'recipient')} not known to have it, and to no other.`,
      ...(mailings === 0
        ? []
        : [
            `${counted(mailings, 'list')} of recipients that bots have of their own: handed to the queue, in the same way.`,
          ]),
    ].join(' '),
  };
}
