import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Verdict, VerdictKind } from '../../../functions/comparison/verdict/contract.ts';
import examples from '../../../functions/examples.json' with { type: 'json' };
import { DailyReport } from '../../../functions/report/contract.ts';
import { definitionsOf } from '../../../functions/report/document/definitions.ts';
import { actionOf } from '../../../functions/report/document/format.ts';

const page = readFileSync(new URL('../../../docs/numbers.md', import.meta.url), 'utf8');

test('the page about numbers defines them as the report does', () => {
  const [, table = ''] = page.split('## What each number means');
  const documented = [...table.matchAll(/^\| (?!Number)(\w.*?) \| (.+) \|$/gm)].map(([, term, meaning]) => ({
    term,
    meaning,
  }));
  const defined = definitionsOf(DailyReport.parse(examples.getReport.answers[200])).flatMap(
    ({ definitions }) => definitions,
  );
  expect(documented.length).toBeGreaterThan(10);
  expect(
    documented.filter((each) => !defined.some((one) => one.term === each.term && one.meaning === each.meaning)),
  ).toEqual([]);
});

test('the page names every verdict as the report does', () => {
  const verdict = Verdict.parse(examples.compareStrategies.answers[200].verdict);
  for (const kind of VerdictKind.options) {
    const action = actionOf({ ...verdict, kind, needed: { trades: 1, days: null } });
    expect(page).toContain(`| \`${kind}\` | ${action} |`);
  }
});
