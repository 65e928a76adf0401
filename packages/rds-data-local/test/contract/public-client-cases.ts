import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CasesFile } from '../../../../cli/smoke/data-api/cases.ts';
import { runCase } from '../../../../cli/smoke/data-api/run-case.ts';
import { sendAs } from '../../../../cli/smoke/data-api/send.ts';
import { type DataApi, resourceArn, secretArns } from '../client.ts';

export const casesFile = new URL('../../../../../shared/data/data-api-cases.json', import.meta.url);
const isThere = existsSync(casesFile);
const { cases } = isThere ? CasesFile.parse(JSON.parse(readFileSync(casesFile, 'utf8'))) : { cases: [] };

/** What public clients' own integration tests found at Aurora. PGlite has one session, which an open transaction keeps. */
export function publicClientCases(api: DataApi, sessions: 'one' | 'many'): void {
  describe('answers as public clients found Aurora to answer', () => {
    test.skipIf(!isThere)('the cases are there (all skipped without ../shared/data/data-api-cases.json)', () => {
      expect(cases.length).toBeGreaterThan(30);
    });

    const login = { resourceArn, secretArn: secretArns.master, database: 'postgres' };
    const send = sendAs(login, postJson, api.url);

    test.each(cases)('$name', async (each) => {
      await runCase(each, send, sessions);
    });
  });
}

/** The local endpoint asks for no signature. */
function postJson(url: string, body: unknown): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}
