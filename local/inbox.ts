import { once } from 'node:events';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';

// CommonJS with a `default` member, which module loaders treat in different ways.
const { default: ses } = createRequire(import.meta.url)('aws-ses-v2-local') as typeof import('aws-ses-v2-local');

/** An SES endpoint on loopback that keeps its mails: `/` shows them in a browser, `/store` lists them as JSON. */
export async function startInbox({ port }: { port: number }): Promise<{ url: string; close: () => Promise<void> }> {
  const server = await ses({ host: '127.0.0.1', port });
  // It resolves even if it cannot listen.
  if (!server.listening) throw new Error(`port ${port} is taken or not allowed: set INBOX_PORT to another`);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
