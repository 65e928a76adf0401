import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyReply } from 'fastify';
import { DataApiError } from '../protocol/errors.ts';
import { type Fault, messageOf } from './fault.ts';
import type { Faults } from './faults.ts';

/** Answers a call according to a fault: with an error, late, or not at all.
 *  @param run the operation itself */
export async function faultyAnswer(
  fault: Fault,
  run: () => Promise<object>,
  { reply, faults }: { readonly reply: FastifyReply; readonly faults: Faults },
): Promise<object> {
  const answer = fault.after || fault.name === 'Slow' ? await run() : {};
  switch (fault.name) {
    case 'Slow':
      await pause(fault.delay_ms);
      return answer;
    case 'ConnectionReset':
      reply.hijack().raw.socket?.resetAndDestroy();
      return reply;
    case 'NoAnswer':
      reply.hijack();
      faults.hold(() => reply.raw.destroy());
      return reply;
    default:
      throw new DataApiError(fault.name, messageOf(fault));
  }
}
