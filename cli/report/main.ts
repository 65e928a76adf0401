import { reasonOf } from '../service/reason.ts';
import { bodyOf } from '../service/refusal.ts';
import { sendTo } from '../service/send.ts';
import { resendOnAws } from './deployed.ts';
import { resendHere } from './local.ts';
import { HELP, type Options, readOptions } from './options.ts';
import { pathOf, scheduleOf } from './reports.ts';

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

async function answerTo({ resend, date, kind, place, ...question }: Options): Promise<string> {
  const send = sendTo(place);
  if (!resend || date === undefined) return bodyOf(await send(pathOf({ kind, date, ...question })));
  const mailAgain = place.stack === undefined ? resendHere(send) : resendOnAws(place.stack, place.region);
  const sent = await mailAgain({ kind, date });
  const mail = `${scheduleOf(kind).replace('-', ' ')} of ${date}`;
  return sent === 0
    ? `Nobody was mailed: the ${mail} is known to have gone to every recipient.`
    : `The ${mail} was mailed to ${sent} to whom it was not known to have gone, and to nobody else.`;
}
