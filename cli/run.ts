import { stripVTControlCharacters } from 'node:util';
import type { Result } from './command.ts';
import { readCommandLine } from './command-line.ts';
import { commands } from './commands.ts';
import { type ExitCode, exitCodeOf, failureText, UsageError } from './failure.ts';
import { screenText } from './screen.ts';
import { apiBy } from './service/api.ts';
import { contractChecked } from './service/contract-check.ts';
import { sendTo } from './service/send.ts';
import type { Terminal } from './terminal.ts';

/** Runs a command line. @returns the exit code */
export async function run(line: readonly string[], terminal: Terminal): Promise<ExitCode> {
  try {
    const read = await readCommandLine(line, terminal.width);
    if (typeof read === 'string') {
      terminal.out(read);
      return 0;
    }
    const { command, args, location } = read;
    const api = contractChecked(apiBy(sendTo(location)));
    const result = await command.run(args, { ...terminal, location, api });
    if (result === undefined) return 0;
    terminal.out(args.json ? JSON.stringify(result.answer, null, 2) : textOf(result, terminal.width));
    if (result.failure === undefined) return 0;
    terminal.error(result.failure);
    return 1;
  } catch (error) {
    const hint = error instanceof UsageError ? `\n${usageHint(line)}` : '';
    terminal.error(stripVTControlCharacters(failureText(error) + hint));
    return exitCodeOf(error);
  }
}

const usageHint = ([name = '']: readonly string[]): string =>
  Object.hasOwn(commands, name) ? `strategy ${name} --help shows the usage` : 'strategy help lists the commands';

const textOf = ({ shown }: Result, width: number): string =>
  typeof shown === 'string' ? shown.trimEnd() : screenText(shown, width);
