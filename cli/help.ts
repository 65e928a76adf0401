import { wrapped } from '../functions/report/document/table.ts';
import type { Command, Options } from './command.ts';
import { groups } from './commands.ts';
import { wrappedText } from './screen.ts';
import { locationOptions } from './service/location.ts';

const EXIT_CODES = 'Exit codes: 0 success, 1 failure or refusal, 2 usage error';

/** Wider text is hard to read. */
const WIDEST = 110;

/** A title, and rows of two columns. */
type Section = readonly [title: string, rows: readonly (readonly [string, string])[]];

/** Every command with its summary. @param width of the screen, in columns */
export async function overview(width: number): Promise<string> {
  const sections = await Promise.all(
    Object.entries(groups).map(async ([title, group]): Promise<Section> => {
      const rows = Object.entries(group).map(async ([name, load]) => [name, (await load()).summary] as const);
      return [title, await Promise.all(rows)];
    }),
  );
  return page(width, [
    'Run strategy snapshots, look at their results and act on them',
    'Usage: strategy <command> [options]',
    'In this folder, run it as npx --no strategy <command> or npm run strategy -- <command>. With --no, npx never downloads a package of the same name.',
    aligned(sections, width),
    'strategy <command> --help shows the options and examples of a command.',
    EXIT_CODES,
  ]);
}

/** Everything about one command. @param width of the screen, in columns */
export function helpOf(name: string, command: Command, width: number): string {
  const { summary, operands, description = '', options, common = {}, environment = {}, examples = {} } = command;
  const all = { ...options, ...common, ...options };
  const isLocation = (option: string) => Object.hasOwn(locationOptions, option);
  const sections: Section[] = [
    ['Options', [...optionRows(all, (option) => !isLocation(option)), ['-h, --help', 'Show this help']]],
    ['Where the service is', optionRows(all, isLocation)],
    ['Environment variables', Object.entries(environment)],
  ];
  const exampleLines = Object.entries(examples).map(([args, what]) =>
    `  # ${what}\n  strategy ${name} ${args}`.trimEnd(),
  );
  return page(width, [
    summary,
    ['Usage: strategy', name, '[options]', operands?.usage].filter(Boolean).join(' '),
    description,
    aligned(sections, width),
    exampleLines.length > 0 ? `Examples:\n${exampleLines.join('\n\n')}` : '',
    EXIT_CODES,
  ]);
}

const optionRows = (options: Options, isIn: (option: string) => boolean): Section[1] =>
  Object.entries(options)
    .filter(([option]) => isIn(option))
    .map(([option, { value = '', help }]) => [`--${option} ${value}`.trimEnd(), help]);

const page = (width: number, paragraphs: readonly string[]): string =>
  wrappedText(paragraphs.filter(Boolean).join('\n\n'), Math.min(width, WIDEST));

/** Sections whose second columns begin at the same place, their text wrapped; those without rows are left out. */
function aligned(sections: readonly Section[], width: number): string {
  const first = Math.max(...sections.flatMap(([, rows]) => rows.map(([term]) => term.length)));
  const begin = first + 4;
  const row = ([term, meaning]: Section[1][number]): string => {
    const lines = wrapped(meaning, Math.min(width, WIDEST) - begin);
    return `  ${term.padEnd(first)}  ${lines.join(`\n${' '.repeat(begin)}`)}`;
  };
  return sections
    .filter(([, rows]) => rows.length > 0)
    .map(([title, rows]) => [`${title}:`, ...rows.map(row)].join('\n'))
    .join('\n\n');
}
