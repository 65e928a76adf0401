import type { Socket } from 'node:net';

/** Tells whether a request comes over a connection that had one before. Services close a connection that was idle for a while, also just when it
 *  is used again: what may be sent only once must not rely on it. */
export function reuse(): (socket: Socket) => boolean {
  const known = new WeakSet<Socket>();
  return (socket) => {
    const isKnown = known.has(socket);
    known.add(socket);
    return isKnown;
  };
}
