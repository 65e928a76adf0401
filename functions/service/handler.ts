import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { MethodNotAllowed, NotFound } from '../errors.ts';
import { endpoint, serve } from '../http/endpoint.ts';
import { openApi } from '../openapi-file.ts';
import { getDatabaseHealth, getHealth, getOpenApi, listBots, reportOutbox, setBot } from './contract.ts';
import * as outboxes from './outboxes.ts';
import * as service from './service.ts';

/** Handles the signed `$default` route: 405 for a path of the contract with another method, 404 for any other path. */
function otherwise({ rawPath }: APIGatewayProxyEventV2): never {
  const methods = Object.entries(openApi.paths)
    .filter(([path]) => new RegExp(`^${path.replace(/\{[^}]+\}/g, '[^/]+')}$`).test(rawPath))
    .flatMap(([, operations]) => Object.keys(operations).map((method) => method.toUpperCase()));
  if (methods.length > 0) throw new MethodNotAllowed(methods);
  throw new NotFound(`no operation at ${rawPath}`);
}

export const handler = serve(
  [
    endpoint(listBots, ({ query, bots }, { database, now }) =>
      service.listBots(database, { ...query, among: bots, at: now().toISOString() }),
    ),
    endpoint(setBot, ({ path, body }, { database }) => service.setBot(database, { ...path, ...body })),
    endpoint(reportOutbox, ({ body }, { database, now }) => outboxes.reportOutbox(database, body, now())),
    endpoint(getHealth, () => ({ status: 'ok', version: openApi.info.version })),
    endpoint(getDatabaseHealth, (_, { database }) => service.databaseHealth(database)),
    endpoint(getOpenApi, () => openApi),
  ],
  otherwise,
);
