import { table } from '../functions/report/document/table.ts';
import type { Command, Option } from './command.ts';
import { commands } from './commands.ts';
import { PLACE_HELP } from './service/place.ts';

/** Options that every command has, besides those that say where the service is. */
export const commonOptions = {
  bot: { type: 'string', value: '<id>', help: 'of this bot; default where it is left out' },
  json: { type: 'boolean', help: 'for scripts: the service’s own answer' },
} as const;

const ENDS =
  'Ends with 0 when it is done, with 1 when that failed or was refused, and with 2 when the command line is wrong.';

export const overview = (): string => `npm run strategy -- <command>, or npx strategy <command>

${indented(Object.entries(commands).map(([name, { operands = '', summary }]) => [`${name} ${operands}`, summary]))}

strategy <command> --help says more of one.

${ENDS}`;

export function helpOf(name: string, { operands = '', summary, more, options }: Command): string {
  const title = `strategy ${name}${operands && ` ${operands}`}: ${summary}`;
  const own = Object.entries<Option>({ ...options, ...commonOptions }).map(([option, { value = '', help }]) => [
    `--${option} ${value}`.padEnd(18).trimEnd(),
    help,
  ]);
  return [title, ...(more ? [more] : []), `${indented(own)}\n\n${PLACE_HELP}`, ENDS].join('\n\n');
}

const indented = (rows: string[][]): string => table(rows).replaceAll(/^/gm, '  ');
