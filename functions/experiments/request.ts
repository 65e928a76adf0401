import type { Database } from '../database/database.ts';
import { type InputIssue, InvalidInput } from '../errors.ts';
import { activeSnapshot, snapshotOf } from '../snapshots/snapshots.ts';
import { storableConfig } from '../snapshots/storable-config.ts';
import type { StartExperiment } from './contract.ts';

/** A configuration that is to be tested. */
export interface ArmRequest {
  readonly arm: 'baseline' | 'candidate';
  readonly config: string;
  readonly config_hash: string;
  readonly notes: string | null;
  readonly snapshot_id: string | null;
}

/** Refuses fields that contradict the design. @throws InvalidInput */
export function checkDesign(request: StartExperiment): void {
  const { design, imported } = request;
  const given = (field: keyof StartExperiment) => request[field] !== null && request[field] !== undefined;
  const issues: InputIssue[] = [];
  const refuse = (field: keyof StartExperiment, message: string) => issues.push({ path: `/${field}`, message });
  if (design === 'switchback') {
    if (!given('candidate')) refuse('candidate', 'is required: {"snapshot_id": …} or {"config": {…}}');
    if (given('candidate_bot_id')) refuse('candidate_bot_id', 'is only for parallel tests, which compare two bots');
    for (const field of ['seed', 'starts_on'] as const)
      if (imported && !given(field)) refuse(field, 'is required of an imported test');
  } else {
    if (!given('candidate_bot_id')) refuse('candidate_bot_id', 'is required: a parallel test compares two bots');
    if (request.candidate_bot_id === request.bot_id) refuse('candidate_bot_id', 'must be another bot than bot_id');
    if (given('length') && request.length !== '1d') refuse('length', 'is always one day in a parallel test');
    if (imported) refuse('imported', 'is only for switchbacks: a parallel test may start in the past as it is');
  }
  if (!imported && given('seed'))
    refuse(
      'seed',
      'is drawn by the service, so that nobody can choose the orders; only imported tests bring their own',
    );
  if (!imported && given('voids')) refuse('voids', 'is only for imported tests');
  if (issues.length > 0) throw new InvalidInput(issues);
}

/** Loads both configurations. @throws NotFound, TooLarge, InvalidInput when they are the same */
export async function armsOf(database: Database, request: StartExperiment): Promise<readonly [ArmRequest, ArmRequest]> {
  const { bot_id, candidate: wanted, candidate_bot_id } = request;
  // A bot without a snapshot is unknown.
  if (candidate_bot_id) await activeSnapshot(database, candidate_bot_id);
  const baseline = await armOfSnapshot(database, 'baseline', { bot_id, id: request.baseline });
  const candidate =
    wanted && 'config' in wanted
      ? armOfConfig(wanted)
      : await armOfSnapshot(database, 'candidate', {
          bot_id: request.candidate_bot_id ?? bot_id,
          id: wanted?.snapshot_id,
        });
  if (baseline.config_hash === candidate.config_hash)
    throw new InvalidInput([{ path: '/candidate', message: 'has the same configuration as the baseline' }]);
  return [baseline, candidate];
}

async function armOfSnapshot(
  database: Database,
  arm: ArmRequest['arm'],
  { bot_id, id }: { bot_id: string; id: string | null | undefined },
): Promise<ArmRequest> {
  const snapshot = id ? await snapshotOf(database, bot_id, id) : await activeSnapshot(database, bot_id);
  const { config, notes, snapshot_id } = snapshot;
  return { arm, ...storableConfig(config, `/${arm}`), notes, snapshot_id };
}

const armOfConfig = ({
  config,
  notes,
}: {
  config: Record<string, unknown>;
  notes?: string | null | undefined;
}): ArmRequest => ({
  arm: 'candidate',
  ...storableConfig(config, '/candidate/config'),
  notes: notes ?? null,
  snapshot_id: null,
});
