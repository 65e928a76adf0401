import { reasonOf } from '../smoke/reason.ts';
import { deployedReports } from './deployed.ts';
import { localReports } from './local.ts';
import { HELP, type Options, readOptions } from './options.ts';
import { scheduleOf } from './reports.ts';

const options = asked();
if (options) {
  try {
    console.log((await answerTo(options)).trimEnd());
  } catch (error) {
    console.error(reasonOf(error));
    process.exitCode = 1;
  }
}

function asked(): Options | null {
  try {
    const options = readOptions(process.argv.slice(2));
    if (options === null) console.log(HELP);
    return options;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n--help says more`);
    process.exitCode = 2;
    return null;
  }
}

async function answerTo({ resend, date, kind, url, stage, region, ...question }: Options): Promise<string> {
  const reports = stage
    ? deployedReports(stage, region)
    : localReports(url?.replace(/\/+$/, '') ?? `http://127.0.0.1:${process.env.PORT || 3000}`);
  if (!resend || date === undefined) return reports.show({ kind, date, ...question });
  const sent = await reports.resend({ kind, date });
  const mail = `${scheduleOf(kind).replace('-', ' ')} of ${date}`;
  return sent === 0
    ? `Nobody was mailed: the ${mail} is known to have gone to every recipient.`
    : `The ${mail} was mailed to ${sent} to whom it was not known to have gone, and to nobody else.`;
}
