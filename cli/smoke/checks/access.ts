import type { Checklist } from '../checklist.ts';
import { expectEqual } from '../expectation.ts';

/** Checks that only the health answers without a signature. */
export async function checkAccess({ check }: Checklist, url: string): Promise<void> {
  await check('GET /health answers without a signature', () => expectStatus(`${url}/health`, 200));
  await check('GET /snapshots without a signature is refused', () => expectStatus(`${url}/snapshots`, 403));
}

async function expectStatus(url: string, expected: number): Promise<void> {
  const { status, body } = await fetch(url);
  await body?.cancel();
  expectEqual(status, expected, 'the status');
}
