import { execFileSync } from 'node:child_process';
import { expect, test, vi } from 'vitest';
import { experimentCaveats, experimentPlans, experimentSentences } from './experiments.ts';
import { messagesIn, reports, textsIn } from './reports.ts';
import { sentencesOf } from './variants.ts';
import { caveats, firstConfigurations, nextSteps, plans, verdictSentences } from './verdicts.ts';
import { shown, type Written, writtenIn } from './written.ts';

vi.mock('../../functions/report/charts/drawn.ts', () => ({ drawCharts: async () => [] }));

const filesIn = (...folders: readonly string[]) =>
  execFileSync(
    'git',
    ['ls-files', '--cached', '--others', '--exclude-standard', ...folders.map((each) => `${each}/*.ts`)],
    { encoding: 'utf8' },
  )
    .trim()
    .split('\n');

/** Each sentence once, under the first situation in which it is said. */
function inOrder(situations: readonly (readonly [title: string, sentences: readonly string[]])[]): string {
  const known = new Set<string>();
  return situations
    .flatMap(([title, sentences]) => {
      const fresh = sentences.filter((sentence) => !known.has(sentence));
      for (const sentence of fresh) known.add(sentence);
      return fresh.length === 0 ? [] : [`## ${title}\n\n${fresh.join('\n')}\n`];
    })
    .join('\n');
}

const said: [string, string[]][] = [
  ['The verdict', verdictSentences()],
  ['What to do next', nextSteps()],
  ['The first configuration', firstConfigurations()],
  ['Caveats of a verdict', caveats()],
  ['Plans of a comparison', plans()],
  ['The verdict of a test', experimentSentences()],
  ['Caveats of a test', experimentCaveats()],
  ['Plans of a test', experimentPlans()],
  ...Object.entries(reports).map(([name, each]): [string, string[]] => [
    `Report: ${name}`,
    sentencesOf(each.flatMap(textsIn)),
  ]),
  ['Messages', [...new Set((await Promise.all(Object.values(reports).map(messagesIn))).flat())]],
];

/** Texts as their source has them: `…` is filled in. */
const written = filesIn('cli', 'functions/report/channels', 'functions/report/delivery').map(
  (file): [string, string[]] => [`Source: ${file}`, [...new Set(writtenIn(file).map(shown))]],
);

test('every sentence of reports, verdicts, messages and the terminal is in sentences.txt (to update: -u, and read them aloud)', async () => {
  await expect(inOrder([...said, ...written])).toMatchFileSnapshot('sentences.txt');
});

/** Files without texts for readers of a report. */
const NO_TEXTS = /document\/(as-html|as-text|html|as-csv|table)\.ts|delivery\/(?!message)/;

/** Plurals of what is never counted, which the type asks for. */
const NEVER_SAID = ['different days'];

test('every text in the code of reports and verdicts is played', () => {
  const all = said.flatMap(([, sentences]) => sentences).join('\n');
  const isSaid = saidIn(all.toLowerCase());
  const missing = filesIn(
    'functions/comparison/verdict',
    'functions/experiments/verdict',
    'functions/report/document',
    'functions/report/delivery',
  )
    .filter((file) => !file.endsWith('contract.ts') && !NO_TEXTS.test(file))
    .flatMap((file) =>
      writtenIn(file)
        .filter((parts) => !NEVER_SAID.includes(shown(parts)) && !isSaid(parts))
        .map((parts) => `${file}: ${shown(parts)}`),
    );
  expect(missing).toEqual([]);
});

/** Most characters that are filled in between two parts of a sentence. */
const MOST_FILLED_IN = 300;

/** Whether the parts of a text are in `all`, in their order, each soon after the one before. A text of several sentences is split into lines,
 *  which may be far apart. Finds every end of each part, since one expression for all of them would take minutes. */
const saidIn =
  (all: string) =>
  (parts: Written): boolean => {
    const steps = parts.flatMap((part, i) =>
      part
        .trim()
        .toLowerCase()
        .split(/(?<=[.!?]) /)
        .map((text, j) => ({ text, reach: i > 0 && j === 0 ? MOST_FILLED_IN : Number.POSITIVE_INFINITY })),
    );
    const [first, ...more] = steps.filter(({ text }) => text !== '');
    const begun = first === undefined ? [0] : endsOf(all, first.text, { before: [0], reach: Number.POSITIVE_INFINITY });
    return more.reduce((before, { text, reach }) => endsOf(all, text, { before, reach }), begun).length > 0;
  };

/** Where a text ends that begins at most `reach` after one of the positions `before`, which are in order. */
function endsOf(all: string, text: string, { before, reach }: { before: readonly number[]; reach: number }): number[] {
  const ends: number[] = [];
  let latest = 0;
  for (let at = all.indexOf(text, before[0]); at !== -1 && before.length > 0; at = all.indexOf(text, at + 1)) {
    while ((before[latest + 1] ?? Number.POSITIVE_INFINITY) <= at) latest += 1;
    if (at - (before[latest] ?? 0) <= reach) ends.push(at + text.length);
  }
  return ends;
}
