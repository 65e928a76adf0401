import { afterAll, expect, test } from 'vitest';
import { startSecrets } from '../src/secrets.ts';
import { secretArns } from './client.ts';

const secrets = await startSecrets({ port: 0 });
afterAll(() => secrets.close());

async function getSecretValue(SecretId: string) {
  const response = await fetch(secrets.url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'secretsmanager.GetSecretValue' },
    body: JSON.stringify({ SecretId }),
  });
  const body = (await response.json()) as { readonly SecretString: string; readonly __type?: string };
  return { status: response.status, body };
}

test.each([
  [secretArns.app, 'app'],
  [secretArns.master, 'postgres'],
  ['strategy-snapshots/app', 'app'],
])('the secret %s has the user %s and a password', async (id, username) => {
  const { status, body } = await getSecretValue(id);
  expect(status).toBe(200);
  expect(JSON.parse(body.SecretString)).toEqual({ username, password: expect.stringMatching(/^[\w-]{32}$/) });
});

test('another secret is not found', async () => {
  const { status, body } = await getSecretValue('strategy-snapshots/other');
  expect([status, body.__type]).toEqual([400, 'ResourceNotFoundException']);
});
