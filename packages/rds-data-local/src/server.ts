import fastify, { type FastifyError, type FastifyReply, type FastifyRequest } from 'fastify';
import { dataApiErrorOf } from './database-error.ts';
import type { Engine } from './engines/engine.ts';
import { DataApiError } from './errors.ts';
import { REQUEST_BYTES, STATEMENT_SECONDS, TRANSACTION_IDLE_SECONDS } from './limits.ts';
import { operations } from './operations.ts';
import { openTransactions } from './transactions.ts';

type DataApiSettings = {
  /** 0: any free port. */
  readonly port: number;
  readonly engine: Engine;
  readonly statementSeconds?: number;
  readonly transactionIdleSeconds?: number;
};

export type RunningServer = { readonly url: string; readonly close: () => Promise<void> };

/** The RDS Data API on loopback, as strict as Aurora PostgreSQL. The engine stays the caller's to close. */
export async function startDataApi({
  port,
  engine,
  statementSeconds = STATEMENT_SECONDS,
  transactionIdleSeconds = TRANSACTION_IDLE_SECONDS,
}: DataApiSettings): Promise<RunningServer> {
  const transactions = openTransactions(engine, transactionIdleSeconds);
  const service = { engine, transactions, statementSeconds };
  const app = fastify({ bodyLimit: REQUEST_BYTES, forceCloseConnections: true });
  // A page in a browser may send text/plain here without asking; JSON it may not.
  app.removeContentTypeParser('text/plain');
  app.addHook('onRequest', refuseLargeRequest);
  app.setErrorHandler(sendError);
  app.setNotFoundHandler(({ method, url }, reply) =>
    sendError(new DataApiError('UnknownOperationException', `There is no ${method} ${url}`), undefined, reply),
  );
  for (const [path, operation] of Object.entries(operations)) {
    app.post(path, async ({ body }) => {
      try {
        return await operation(service, body);
      } catch (error) {
        throw dataApiErrorOf(error);
      }
    });
  }
  const url = await app.listen({ host: '127.0.0.1', port });
  return {
    url,
    async close() {
      await app.close();
      await transactions.rollbackAll();
    },
  };
}

/** The service counts the headers, too; `bodyLimit` is for bodies that do not tell their length. */
async function refuseLargeRequest({ headers, raw }: FastifyRequest): Promise<void> {
  const bytes = Number(headers['content-length'] ?? 0) + raw.rawHeaders.join(': ').length;
  if (bytes > REQUEST_BYTES) throw tooLarge();
}

function tooLarge(): DataApiError {
  return new DataApiError('RequestEntityTooLargeException', 'The request is larger than 4 MiB');
}

function sendError(error: unknown, _request: FastifyRequest | undefined, reply: FastifyReply): void {
  const answer = error instanceof DataApiError ? error : protocolError(error as FastifyError);
  reply.code(answer.status).header('x-amzn-errortype', answer.name).send({ message: answer.message });
}

/** What fastify refuses before an operation sees it. */
function protocolError({ statusCode, message }: FastifyError): DataApiError {
  if (statusCode === 413) return tooLarge();
  if (statusCode === 415) return new DataApiError('UnsupportedMediaTypeException', message);
  return new DataApiError('SerializationException', message);
}
