import { comparisonSettings } from '../comparison/settings.ts';
import { endpoint, json, serve } from '../http/endpoint.ts';
import { assignmentFor } from './assignment.ts';
import * as contract from './contract.ts';
import * as experiments from './experiments.ts';
import { planExperiment } from './planning.ts';

const { material } = comparisonSettings();

export const handler = serve([
  endpoint(
    contract.startExperiment,
    ({ body, idempotencyKey }, { database, now }) =>
      experiments.startExperiment(database, body, { key: idempotencyKey, now: now(), material }),
    (experiment) => json(experiment, 201),
  ),
  endpoint(contract.listExperiments, ({ query }, { database, now }) =>
    experiments.listExperiments(database, query, { now: now() }),
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
  endpoint(contract.getAssignment, ({ query }, { database, now }) =>
    assignmentFor(database, query.bot_id, query.at ?? now().toISOString()),
  ),
]);
