import type { Case, Step } from './case.ts';
import { checkAnswer } from './check-answer.ts';
import { execute, type Send } from './send.ts';

/** How many sessions the engine has: over PGlite a call outside an open transaction waits for it. */
export type Sessions = 'one' | 'many';

/** Runs a case in the schema `public`, which it drops first.
 *  @throws Error that says which step got another answer, and how it differs */
export async function runCase({ setup = [], steps }: Case, send: Send, sessions: Sessions): Promise<void> {
  await execute(send, 'DROP SCHEMA public CASCADE');
  await execute(send, 'CREATE SCHEMA public');
  for (const sql of setup) await execute(send, sql);
  let transactionId: string | undefined;
  try {
    for (const [index, step] of steps.entries()) {
      if (step.transaction === 'outside' && sessions === 'one') continue;
      const inTransaction = step.transaction === 'inside' ? { transactionId } : {};
      const answer = await send(step.path, { ...step.request, ...inTransaction });
      transactionId = answer.body.transactionId ?? transactionId;
      try {
        checkAnswer(answer, step.expect);
      } catch (error) {
        throw new Error(`step ${index + 1}, ${nameOf(step)}: ${error instanceof Error ? error.message : error}`);
      }
    }
  } finally {
    // The next case would wait for a transaction that is left open.
    if (transactionId !== undefined) await send('/RollbackTransaction', { transactionId });
  }
}

function nameOf({ path, request }: Step): string {
  const sql = 'sql' in request ? String(request.sql) : '';
  return `${path} ${sql.length > 100 ? `${sql.slice(0, 100)}…` : sql}`.trim();
}
