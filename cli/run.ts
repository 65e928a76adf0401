import { stripVTControlCharacters } from 'node:util';
import { checked } from './checked.ts';
import { NotDone, WrongUsage } from './command.ts';
import { readCommandLine } from './command-line.ts';
import { confirmed } from './confirm.ts';
import { screenText } from './screen.ts';
import { apiBy, UnexpectedStatus } from './service/api.ts';
import { reasonOf } from './service/reason.ts';
import { refusalOf } from './service/refusal.ts';
import { sendTo } from './service/send.ts';

/** Where a command is typed and answered. */
export interface Screen {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
  /** In places. */
  readonly width: number;
}

/** Does what the command line asks for. @returns the exit code */
export async function run(args: readonly string[], screen: Screen): Promise<0 | 1 | 2> {
  try {
    screen.out(await outputOf(args, screen));
    return 0;
  } catch (error) {
    screen.error(stripVTControlCharacters(messageOf(error)));
    return error instanceof WrongUsage ? 2 : 1;
  }
}

async function outputOf(args: readonly string[], { error, width }: Screen): Promise<string> {
  const line = readCommandLine(args);
  if (typeof line === 'string') return line;
  const { command, asked, place } = line;
  const { answer, shown } = await command.run(asked, {
    api: checked(apiBy(sendTo(place))),
    width,
    async confirm(blocks, question) {
      error(screenText(blocks, width));
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
