import { once } from 'node:events';
import { createServer } from 'node:net';
import type { LocalSettings } from './settings.ts';

type Ports = Pick<LocalSettings, 'PORT' | 'INBOX_PORT'>;

/** Finds out whether both ports are free before anything slow starts. Port 0 always is: any free port.
 *  @throws Error that names the variable to change */
export async function checkPorts({ PORT, INBOX_PORT }: Ports): Promise<void> {
  if (PORT === INBOX_PORT && PORT !== 0)
    throw new Error(`PORT and INBOX_PORT are both ${PORT}: set one of them to another port`);
  await checkPort('PORT', PORT);
  await checkPort('INBOX_PORT', INBOX_PORT);
}

async function checkPort(name: keyof Ports, port: number): Promise<void> {
  const server = createServer();
  try {
    await once(server.listen({ host: '127.0.0.1', port }), 'listening');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const state = code === 'EADDRINUSE' ? 'is taken' : `cannot be used (${code})`;
    throw new Error(`port ${port} ${state}: stop what listens there, or set ${name} to another port`);
  }
  server.close();
  await once(server, 'close');
}
