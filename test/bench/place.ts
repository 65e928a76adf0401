import { ExecuteStatementCommand, RDSDataClient } from '@aws-sdk/client-rds-data';
import { mailings, nightlyBots } from '../../functions/queues.ts';
import { dailyReport, dailySummary } from '../../functions/schedules.ts';
import { startApi } from '../../local/api.ts';
import { DATABASE_NAME, MASTER_SECRET_ARN, RESOURCE_ARN } from '../../local/arns.ts';
import { startDatabase } from '../../local/database.ts';
import { functionEnvironment } from '../../local/environment.ts';
import { firingInto, startFunctionQueues } from '../../local/functions.ts';
import { startInbox } from '../../local/inbox/inbox.ts';
import { runMigrations } from '../../local/run-migrations.ts';
import { startPostgresServer } from '../support/postgres-server.ts';

export const engines = ['PGlite', 'PostgreSQL 17'] as const;
export type EngineName = (typeof engines)[number];

/** The whole service on an empty database of an engine: HTTP, handlers, and the Data API in its own process. */
export interface Place {
  readonly engine: EngineName;
  /** Calls the API like a bot. @throws Error with the problem when the call fails */
  readonly call: (method: 'GET' | 'POST', path: string, body?: unknown) => Promise<unknown>;
  /** Runs a statement through the Data API as the owner of the database, with text parameters. @returns its first value */
  readonly sql: (text: string, parameters?: Readonly<Record<string, string>>) => Promise<string>;
  readonly close: () => Promise<void>;
}

export async function openPlace(engine: EngineName): Promise<Place> {
  const running: (() => Promise<void>)[] = [];
  const server = engine === 'PGlite' ? null : await startPostgresServer(['shared_buffers=1GB']);
  if (server) running.push(server.stop);
  const database = await startDatabase({ databaseUrl: server?.url });
  const inbox = await startInbox({ port: 0 });
  const queues = await startFunctionQueues([nightlyBots, mailings]);
  running.push(database.stop, inbox.close, queues.close);
  const endpoints = { database: database.url, ses: inbox.url };
  await runMigrations(endpoints, 'UTC');
  Object.assign(process.env, functionEnvironment(endpoints), {
    ...queues.environment,
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    REPORT_SENDER: 'reports@example.com',
    REPORT_RECIPIENTS: 'owner@example.com',
  });
  const client = new RDSDataClient({});
  const api = await startApi({ port: 0, schedules: [dailySummary, dailyReport(7)], fire: firingInto(queues) });
  running.push(api.close);
  return {
    engine,
    async sql(text, parameters = {}) {
      const { records } = await client.send(
        new ExecuteStatementCommand({
          resourceArn: RESOURCE_ARN,
          secretArn: MASTER_SECRET_ARN,
          database: DATABASE_NAME,
          sql: text,
          parameters: Object.entries(parameters).map(([name, stringValue]) => ({ name, value: { stringValue } })),
        }),
      );
      return String(Object.values(records?.[0]?.[0] ?? {})[0] ?? '');
    },
    async call(method, path, body) {
      const response = await fetch(`${api.url}${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
      const answer = await response.text();
      if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${answer.slice(0, 500)}`);
      return JSON.parse(answer);
    },
    async close() {
      for (const stop of running.toReversed()) await stop();
    },
  };
}
