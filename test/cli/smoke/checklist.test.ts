import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openChecklist } from '../../../cli/smoke/checklist.ts';

function listing(progressMs?: number) {
  const lines: string[] = [];
  const checklist = openChecklist({ print: (line) => lines.push(line), ...(progressMs ? { progressMs } : {}) });
  return { ...checklist, lines };
}

test('prints a line for each check, with its detail or the reason, and counts the failures', async () => {
  const { check, skip, failed, lines } = listing();
  expect(await check('sums', async () => 2, String)).toBe(2);
  expect(await check('answers', () => Promise.reject(new Error('it\n  is late')))).toBeNull();
  skip('mails', 'not requested');
  expect(lines).toEqual(['✓ sums: 2', '✗ answers: it is late', '– mails: skipped, not requested']);
  expect(failed()).toBe(1);
});

test('prints that a long check is still running, until it ends', async () => {
  const { check, lines } = listing(20);
  await check('waits', () => pause(90));
  const count = lines.length;
  await pause(50);
  expect(lines).toHaveLength(count);
  expect(lines.slice(0, 2)).toEqual(['… waits: 0 s', '… waits: 0 s']);
  expect(lines.at(-1)).toBe('✓ waits');
});

test('the reason of a failed connection includes its cause', async () => {
  const { check, lines } = listing();
  await check('connects', () => fetch('http://127.0.0.1:1/'));
  expect(lines).toEqual([expect.stringMatching(/^✗ connects: fetch failed: .+/)]);
});
