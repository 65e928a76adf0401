import fastify, { type FastifyError, type FastifyReply, type FastifyRequest } from 'fastify';
import { faultyAnswer } from './faults/answer.ts';
import { type Faults, openFaults } from './faults/faults.ts';
import { addFaultRoutes } from './faults/routes.ts';
import { serveProgramsOnly } from './loopback.ts';
import { type OperationName, operations } from './operations/operations.ts';
import { dataApiErrorOf } from './operations/postgres-error.ts';
import { openService, type ServiceSettings } from './operations/service.ts';
import { DataApiError } from './protocol/errors.ts';
import { REQUEST_BYTES } from './protocol/limits.ts';
import { addGetSecretValue } from './secrets/get-secret-value.ts';

export type DataApiSettings = ServiceSettings & {
  /** 0, the default: any free port. */
  readonly port?: number;
  readonly faults?: Faults;
  /** Serves `/_faults`, which sets faults at run time. */
  readonly faultRoutes?: boolean;
};

export type RunningServer = { readonly url: string; readonly close: () => Promise<void> };

/** The RDS Data API and the secrets that it reads, on loopback, as strict as Aurora PostgreSQL. The caller closes the
 *  engine.
 *  @throws Error when the port is taken, or a setting of the cluster is wrong */
export async function startDataApi({
  port = 0,
  faults = openFaults(),
  faultRoutes = false,
  ...settings
}: DataApiSettings): Promise<RunningServer> {
  const service = openService(settings);
  const app = fastify({ bodyLimit: REQUEST_BYTES, forceCloseConnections: true });
  serveProgramsOnly(app);
  app.addHook('onRequest', refuseLargeRequest);
  app.setErrorHandler(sendError);
  app.setNotFoundHandler(({ method, url }, reply) =>
    sendError(new DataApiError('UnknownOperationException', `There is no ${method} ${url}`), undefined, reply),
  );
  for (const [name, { path, run }] of Object.entries(operations)) {
    app.post(path, async ({ body }, reply) => {
      const answer = async () => {
        try {
          return await run(service, body);
        } catch (error) {
          throw dataApiErrorOf(error);
        }
      };
      const fault = faults.next(name as OperationName, body);
      return fault ? faultyAnswer(fault, answer, { reply, faults }) : answer();
    });
  }
  addGetSecretValue(app, service.cluster);
  if (faultRoutes) addFaultRoutes(app, faults);
  const url = await app.listen({ host: '127.0.0.1', port });
  return {
    url,
    async close() {
      faults.clear();
      await app.close();
      await service.transactions.rollbackAll();
    },
  };
}

/** The service counts the headers, too; `bodyLimit` is for bodies that do not state their length. */
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

/** Converts a request error of fastify, which occurs before an operation is called. */
function protocolError({ statusCode, message }: FastifyError): DataApiError {
  if (statusCode === 413) return tooLarge();
  if (statusCode === 415) return new DataApiError('UnsupportedMediaTypeException', message);
  return new DataApiError('SerializationException', message);
}
