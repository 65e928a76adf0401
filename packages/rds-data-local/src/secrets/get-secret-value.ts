import type { FastifyInstance } from 'fastify';
import { type Cluster, secretName, secretOf } from '../cluster.ts';

/** The operation of AWS Secrets Manager that reads the cluster's secrets. The path is always `/`; a header names the operation. */
export function addGetSecretValue(app: FastifyInstance, cluster: Cluster): void {
  app.post<{ Body: { readonly SecretId?: string } | null }>('/', async ({ headers, body }, reply) => {
    reply.type('application/x-amz-json-1.1');
    if (headers['x-amz-target'] !== 'secretsmanager.GetSecretValue') {
      return reply.code(400).send(JSON.stringify({ __type: 'UnknownOperationException' }));
    }
    const secret = secretOf(cluster, body?.SecretId ?? '');
    if (!secret) {
      const Message = "Secrets Manager can't find the specified secret.";
      return reply.code(400).send(JSON.stringify({ __type: 'ResourceNotFoundException', Message }));
    }
    const { arn, username, password } = secret;
    return JSON.stringify({
      ARN: arn,
      Name: secretName(arn),
      SecretString: JSON.stringify({ username, password }),
    });
  });
}
