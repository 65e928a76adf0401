import type { FastifyInstance } from 'fastify';
import type { FaultSettings } from './fault.ts';
import type { Faults } from './faults.ts';

/** Routes that set the faults at run time; every response lists them. */
export const FAULTS_PATH = '/_faults';

export function addFaultRoutes(app: FastifyInstance, faults: Faults): void {
  app.get(FAULTS_PATH, async () => ({ faults: faults.list() }));
  app.delete(FAULTS_PATH, async () => {
    faults.clear();
    return { faults: faults.list() };
  });
  app.post(FAULTS_PATH, async ({ body }, reply) => {
    try {
      faults.add(body as FaultSettings);
    } catch (error) {
      return reply.code(400).send({ message: error instanceof Error ? error.message : String(error) });
    }
    return { faults: faults.list() };
  });
}
