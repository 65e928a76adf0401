import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, expect, test } from 'vitest';
import { clusterOf, secretOf } from '../src/cluster.ts';
import type { Engine } from '../src/engines/engine.ts';
import { startDataApi } from '../src/server.ts';
import { cluster, OWNER_PASSWORD, resourceArn, secretArns } from './support/cluster.ts';

const noEngine: Engine = { connect: () => Promise.reject(new Error('no engine')), close: async () => undefined };
const longArn = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:'.padEnd(570, 'x');
const { url, close } = await startDataApi({
  engine: noEngine,
  cluster: { ...cluster, secrets: [...cluster.secrets, { arn: longArn, username: 'long' }] },
});
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
const client = new SecretsManagerClient({ endpoint: url, region: 'us-east-1', credentials, maxAttempts: 1 });
afterAll(() => close());

const get = (SecretId: string) => client.send(new GetSecretValueCommand({ SecretId }));

test.each([secretArns.owner, secretArns.owner.slice(0, -7), 'tested/owner'])('the secret %s is read', async (id) => {
  const { ARN, Name, SecretString = '' } = await get(id);
  expect([ARN, Name]).toEqual([secretArns.owner, 'tested/owner']);
  expect(JSON.parse(SecretString)).toEqual({ username: 'postgres', password: OWNER_PASSWORD });
});

test('a secret without a password gets one, even with an ARN of 570 characters', async () => {
  const { SecretString = '' } = await get(longArn);
  expect(JSON.parse(SecretString)).toEqual({ username: 'long', password: expect.stringMatching(/^[\w-]{32}$/) });
});

test('a name that ends like the random suffix of an ARN is not mistaken for another secret', async () => {
  const arn = (name: string) => `arn:aws:secretsmanager:us-east-1:000000000000:secret:${name}`;
  const settings = { resourceArn, secrets: ['app-writer', 'app'].map((name) => ({ arn: arn(name), username: name })) };
  const found = (nameOrArn: string) => secretOf(clusterOf(settings), nameOrArn)?.username;
  expect([found(arn('app')), found('app'), found('app-writer'), found('app-other')]).toEqual([
    'app',
    'app',
    'app-writer',
    undefined,
  ]);
});

test('another secret is not found', async () => {
  await expect(get('tested/other')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('a cluster without a secret, or with a name instead of an ARN, is rejected at the start', async () => {
  const started = (settings: object) => startDataApi({ engine: noEngine, cluster: { ...cluster, ...settings } });
  await expect(started({ secrets: [] })).rejects.toThrow('cluster.secrets: ');
  await expect(started({ resourceArn: 'a local cluster' })).rejects.toThrow('cluster.resourceArn: must be an ARN');
  await expect(started({ resourceArn: `${resourceArn}${'x'.repeat(570)}` })).rejects.toThrow('cluster.resourceArn: ');
});
