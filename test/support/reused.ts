import type { Socket } from 'node:net';

/** Whether a request comes over a connection that had one before. Services close idle connections, possibly at the moment of the next request:
 *  what may be sent only once must not use one again. */
export function reuse(): (socket: Socket) => boolean {
  const known = new WeakSet<Socket>();
  return (socket) => {
    const isKnown = known.has(socket);
    known.add(socket);
    return isKnown;
  };
}
