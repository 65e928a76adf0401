import { randomBytes } from 'node:crypto';
import fastify from 'fastify';
import type { DatabaseRole } from './engines/engine.ts';
import { roleOfSecret } from './secret-role.ts';
import type { RunningServer } from './server.ts';

const usernames: Readonly<Record<DatabaseRole, string>> = { master: 'postgres', app: 'app' };

/** AWS Secrets Manager on loopback, as far as reading the two database secrets goes. Port 0: any free port. */
export async function startSecrets({ port }: { readonly port: number }): Promise<RunningServer> {
  // Nothing checks them here. They change with every start, so that nobody comes to rely on one.
  const passwords = { master: newPassword(), app: newPassword() };
  const server = fastify({ forceCloseConnections: true });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser(
    'application/x-amz-json-1.1',
    { parseAs: 'string' },
    server.getDefaultJsonParser('error', 'error'),
  );

  server.post<{ Body: { readonly SecretId?: string } | null }>('/', async ({ headers, body }, reply) => {
    if (headers['x-amz-target'] !== 'secretsmanager.GetSecretValue') {
      return reply.code(400).send({ __type: 'UnknownOperationException' });
    }
    const id = body?.SecretId ?? '';
    const role = roleOfSecret(id);
    if (!role) {
      const message = "Secrets Manager can't find the specified secret.";
      return reply.code(400).send({ __type: 'ResourceNotFoundException', Message: message });
    }
    return {
      ARN: id,
      Name: id,
      SecretString: JSON.stringify({ username: usernames[role], password: passwords[role] }),
    };
  });
  return { url: await server.listen({ host: '127.0.0.1', port }), close: () => server.close() };
}

function newPassword(): string {
  return randomBytes(24).toString('base64url');
}
