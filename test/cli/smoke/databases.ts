import { openPostgresServer } from '../../../packages/rds-data-local/src/engines/postgres.ts';
import { startDataApi } from '../../../packages/rds-data-local/src/server.ts';

/** The Data API of a cluster with several databases: the local endpoint knows one, so that each gets an endpoint of its own. */
export function dataApisOf(serverUrl: string) {
  const started = new Map<string, ReturnType<typeof start>>();

  async function start(database: string) {
    const url = new URL(serverUrl);
    url.pathname = database;
    const engine = await openPostgresServer(url.href);
    const endpoint = await startDataApi({ port: 0, engine });
    return { url: endpoint.url, close: () => endpoint.close().then(engine.close) };
  }

  return {
    async urlOf(database: string): Promise<string> {
      const endpoint = started.get(database) ?? start(database);
      started.set(database, endpoint);
      return (await endpoint).url;
    },
    async close(): Promise<void> {
      for (const endpoint of started.values()) await (await endpoint).close();
    },
  };
}
