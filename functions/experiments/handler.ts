import { comparisonSettings } from '../comparison/settings.ts';
import { endpoint, json, serve } from '../http/endpoint.ts';
import { assignmentFor } from './assignment.ts';
import * as contract from './contract.ts';
import * as experiments from './experiments.ts';
import { planExperiment } from './planning.ts';

const { material } = comparisonSettings();

/** Lets a client keep an assignment until its block ends; without a block it asks again. */
const cacheable = (response: ReturnType<typeof json>, until: string | null, now: number): ReturnType<typeof json> => {
  const seconds = until === null ? 0 : Math.max(0, Math.floor((Date.parse(until) - now) / 1000));
  return { ...response, headers: { ...response.headers, 'cache-control': `private, max-age=${seconds}` } };
};

export const handler = serve([
  endpoint(
    contract.startExperiment,
    ({ body, idempotencyKey }, { database, now }) =>
      experiments.startExperiment(database, body, { key: idempotencyKey, now: now(), material }),
    (experiment) => json(experiment, 201),
  ),
  endpoint(contract.listExperiments, ({ query, bots }, { database, now }) =>
    experiments.listExperiments(database, query, { among: bots, now: now() }),
  ),
  endpoint(contract.planExperiment, ({ query }, { database, now }) =>
    planExperiment(database, query, { now: now(), material }),
  ),
  endpoint(contract.getExperiment, ({ path }, { database, now }) =>
    experiments.experimentById(database, path.experiment_id, { now: now(), material }),
  ),
  ...[
    [contract.pauseExperiment, 'pause'] as const,
    [contract.resumeExperiment, 'resume'] as const,
    [contract.stopExperiment, 'stop'] as const,
  ].map(([operation, action]) =>
    endpoint(operation, ({ path, body }, { database, now }) =>
      experiments.changeExperiment(
        database,
        { id: path.experiment_id, action, request: body },
        { now: now(), material },
      ),
    ),
  ),
  endpoint(
    contract.getAssignment,
    async ({ query }, { database, now }) => ({
      assignment: await assignmentFor(database, query.bot_id, query.at ?? now().toISOString()),
      now: now().getTime(),
    }),
    ({ assignment, now }) => cacheable(json(assignment), assignment.pair === null ? null : assignment.until, now),
  ),
]);
