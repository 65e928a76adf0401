import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { type DBCluster, RDSClient } from '@aws-sdk/client-rds';
import { RDSDataClient } from '@aws-sdk/client-rds-data';
import { untilAwake } from '../../functions/database/awake.ts';
import { dataApi } from '../../functions/database/data-api.ts';
import type { Database } from '../../functions/database/database.ts';
import { Failure } from '../failure.ts';
import { readStack } from '../service/outputs.ts';
import { reasonOf } from '../service/reason.ts';
import { type Checklist, openChecklist } from '../smoke/checklist.ts';
import type { Waiting } from '../until.ts';
import {
  beginCopy,
  clusterNamed,
  completeCopy,
  instanceOf,
  protect,
  type RestorePoint,
  removeCopy,
  untilCovered,
} from './copy.ts';
import { differences, type Facts, factsOf } from './facts.ts';
import { newestDay, recompute } from './recompute.ts';

export interface Drill extends Omit<RestorePoint, 'name'> {
  readonly stack: string;
  readonly region: string | undefined;
  /** Whether the copy stays. */
  readonly keep: boolean;
  readonly signal: AbortSignal;
  readonly pollMs?: number;
}

/** Longest pause between two looks at RDS, in milliseconds. */
const POLL_MS = 15_000;

/** Longest deletion, in milliseconds. */
const LONGEST_REMOVAL_MS = 45 * 60_000;

/** Restores the database of a stage into a new cluster, checks it, and deletes it, or keeps it. @returns how many checks failed
 *  @throws Failure when there is nothing to restore, or something is left over */
export async function runRestoreDrill(drill: Drill, print: (line: string) => void): Promise<number> {
  const { stack, region, signal, at, keep, pollMs = POLL_MS } = drill;
  const { outputs } = await readStack(new CloudFormationClient({ region }), stack);
  const rds = new RDSClient({ region });
  const source = await clusterNamed(rds, outputs.DatabaseArn);
  if (source === null) throw new Failure(`there is no cluster ${outputs.DatabaseArn}: ${LOST}`);
  const name = `strategy-restore-${Date.now().toString(36)}`;
  const waiting: Waiting = { signal, pollMs };
  const checklist = openChecklist({ print, progressMs: POLL_MS });
  const data = new RDSDataClient({ region });
  const databaseOf = (resourceArn: string, secretArn: string): Database =>
    dataApi(data, { resourceArn, secretArn, database: outputs.DatabaseName }, signal);
  const live = databaseOf(outputs.DatabaseArn, outputs.DatabaseMasterSecretArn);

  const before = await checklist.check('the live database answers', () => factsOf(live), rowsIn);
  signal.throwIfAborted();
  if (at === null) {
    const covered = { cluster: outputs.DatabaseArn, instant: new Date() };
    await checklist.check('its backups reach this moment', () => untilCovered(rds, covered, waiting));
    signal.throwIfAborted();
  }
  print(
    `The copy is the cluster ${name}, restored to ${at?.toISOString() ?? 'the latest time'}. This takes 10 to 30 minutes.`,
  );
  let kept: DBCluster | null = null;
  try {
    const copy = await checklist.check('the copy is restored and answers', async () => {
      await beginCopy(rds, source, { name, at });
      const cluster = await completeCopy(rds, name, waiting);
      const database = databaseOf(cluster.DBClusterArn ?? '', cluster.MasterUserSecret?.SecretArn ?? '');
      await untilAwake(database, { signal, logger: { info: (message) => print(`… ${message}`) } });
      return { cluster, database };
    });
    if (copy !== null) {
      if (keep) kept = copy.cluster;
      await checkCopy(checklist, copy.database, { live, before, at });
    }
    signal.throwIfAborted();
  } finally {
    if (kept === null) await remove(rds, name, { print, pollMs });
  }
  if (kept !== null) {
    await protect(rds, name);
    print(settingsOf(kept));
  }
  return checklist.failed();
}

const LOST = 'docs/operating.md#the-cluster-is-lost says how to restore its last snapshot';

interface Original {
  readonly live: Database;
  readonly before: Facts | null;
  readonly at: Date | null;
}

async function checkCopy(checklist: Checklist, copy: Database, { live, before, at }: Original): Promise<void> {
  const { check, skip } = checklist;
  const facts = await check('rows, sums and newest rows can be read', () => factsOf(copy), rowsIn);
  const compare = 'they are those of the live database';
  if (at !== null) skip(compare, 'it has gone on since then (--at)');
  else if (facts === null || before === null) skip(compare, 'there is nothing to compare');
  else
    await check(compare, async () => {
      const differing = differences(facts, before, await factsOf(live));
      if (differing.length > 0) throw new Error(differing.join('; '));
    });
  const day = await check(
    'a summarised day is found',
    () => newestDay(copy),
    (found) => found?.date ?? 'none yet',
  );
  if (day === null) skip('its summary is computed again', 'there is none');
  else
    await check(`the summary of ${day.bot_id} on ${day.date} is computed again, and equal`, () => recompute(copy, day));
}

/** Deletes a copy. @throws Failure naming what is left */
async function remove(
  rds: RDSClient,
  name: string,
  { print, pollMs }: { readonly print: (line: string) => void; readonly pollMs: number },
): Promise<void> {
  const byHand = `aws rds delete-db-instance --db-instance-identifier ${instanceOf(name)} --skip-final-snapshot; aws rds delete-db-cluster --db-cluster-identifier ${name} --skip-final-snapshot`;
  print(`Deleting the copy. Should this be cut short, do it yourself: ${byHand}`);
  try {
    await removeCopy(rds, name, { signal: AbortSignal.timeout(LONGEST_REMOVAL_MS), pollMs });
  } catch (error) {
    throw new Failure(`The copy ${name} is left and costs money: ${reasonOf(error)}\nDelete it yourself: ${byHand}`);
  }
  print('The copy is deleted.');
}

const settingsOf = ({ DBClusterArn, MasterUserSecret }: DBCluster): string => `
The copy stays. To point the stage at it, write these settings into cdk.json under context, and deploy:

  "database_arn": "${DBClusterArn}",
  "master_secret_arn": "${MasterUserSecret?.SecretArn}"
`;

const rowsIn = (facts: Facts): string =>
  `${facts.get('rows of fills')} fills, the newest of ${facts.get('newest fill') ?? 'never'}`;
