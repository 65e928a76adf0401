import { stripVTControlCharacters } from 'node:util';
import { apiBy, UnexpectedStatus } from '../../infra/access/api.ts';
import { reasonOf } from '../../infra/access/reason.ts';
import { refusalOf } from '../../infra/access/refusal.ts';
import { sendTo } from '../../infra/access/send.ts';
import { checked } from './checked.ts';
import { NotDone, WrongUsage } from './command.ts';
import { readCommandLine } from './command-line.ts';
import { confirmed } from './confirm.ts';
import { screenText, screenWidth } from './screen.ts';

try {
  console.log(await outputOf(process.argv.slice(2)));
} catch (error) {
  console.error(stripVTControlCharacters(messageOf(error)));
  process.exitCode = error instanceof WrongUsage ? 2 : 1;
}

async function outputOf(args: readonly string[]): Promise<string> {
  const line = readCommandLine(args);
  if (typeof line === 'string') return line;
  const { command, asked, place } = line;
  const width = screenWidth();
  const { answer, shown } = await command.run(asked, {
    api: checked(apiBy(sendTo(place))),
    width,
    async confirm(blocks, question) {
      console.error(screenText(blocks, width));
      return confirmed(question);
    },
  });
  if (asked.json) return JSON.stringify(answer, null, 2);
  return typeof shown === 'string' ? shown.trimEnd() : screenText(shown, width);
}

function messageOf(error: unknown): string {
  if (error instanceof WrongUsage) return `${error.message}\n--help says more`;
  if (error instanceof NotDone) return error.message;
  if (!(error instanceof UnexpectedStatus)) return reasonOf(error);
  const [why = 'it does not say why', ...fields] = refusalOf(error.text);
  return [`The service refused (${error.status}): ${why}`, ...fields.map((field) => `  ${field}`)].join('\n');
}
