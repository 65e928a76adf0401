import type { Database } from '../database/database.ts';
import { InvalidInput, NotFound } from '../errors.ts';
import { changesBetween } from '../snapshots/changes.ts';
import type { Change } from '../snapshots/contract.ts';
import { snapshotsById } from '../snapshots/snapshots.ts';
import type { Look, Plan, Strategy } from './contract.ts';
import { pairOf } from './pairing.ts';
import type { ComparisonSettings } from './settings.ts';
import * as store from './store.ts';
import { targetsOf } from './targets.ts';
import type { Arm, ArmRow } from './verdict/arm.ts';
import type { Question } from './verdict/comparison-input.ts';
import type { Verdict } from './verdict/contract.ts';
import { looksOf } from './verdict/looks.ts';
import { alone } from './verdict/no-baseline.ts';
import { planOf } from './verdict/plan.ts';
import { comparedDays, verdictOf } from './verdict/verdict.ts';

/** What is asked: of a bot, as it stood at an instant, with the days up to `through`, by default those that were completed by
 *  then; a pair of snapshots, if one was picked. */
export interface Asked {
  readonly bot_id: string;
  readonly at: string;
  readonly through?: string | undefined;
  readonly baseline?: string | undefined;
  readonly candidate?: string | undefined;
  readonly settings: ComparisonSettings;
}

/** The latest strategies of a bot, the newest first, pooled over all days, and the verdict of the last completed day.
 *  @throws NotFound when a snapshot that was picked is none of the bot's, InvalidInput when both are one arm */
export async function compareStrategies(
  database: Database,
  asked: Asked & { readonly limit: number },
): Promise<{ strategies: Strategy[]; verdict: Verdict | null }> {
  const [strategies, verdict] = await Promise.all([
    latestStrategies(database, { ...asked, through: 'infinity' }),
    verdictFor(database, asked),
  ]);
  return { strategies, verdict };
}

/** The latest strategies of a bot, the newest first, each beside its targets. */
export async function latestStrategies(
  database: Database,
  asked: Asked & { readonly through: string; readonly limit: number },
): Promise<Strategy[]> {
  const strategies = await store.strategies(database, asked.bot_id, asked);
  return strategies.map((strategy) => ({ ...strategy, targets: targetsOf(strategy, asked.settings.targets) }));
}

/** A verdict with what it rests on: every look, the oldest first, and the settings that differ. */
export interface Evidence {
  readonly verdict: Verdict;
  readonly looks: Look[];
  readonly changes: Change[];
}

/** The evidence on a pair; null when the bot has no snapshot. */
export async function evidenceFor(database: Database, asked: Asked): Promise<Evidence | null> {
  const question = await questionFor(database, asked);
  if (question === null) return null;
  const verdict = judged(question, asked);
  return 'baseline' in question
    ? { verdict, looks: shownLooks(question), changes: question.changes }
    : { verdict, looks: [], changes: [] };
}

/** The verdict on a pair; null when the bot has no snapshot. */
export async function verdictFor(database: Database, asked: Asked): Promise<Verdict | null> {
  const question = await questionFor(database, asked);
  return question && judged(question, asked);
}

/** Every look of a comparison, the oldest first. */
export async function historyOf(database: Database, asked: Asked): Promise<{ looks: Look[] }> {
  const question = await questionFor(database, asked);
  return { looks: question && 'baseline' in question ? shownLooks(question) : [] };
}

const judged = (question: Question | Lone, { settings }: Asked): Verdict =>
  'baseline' in question ? verdictOf(question) : alone(question.candidate, { through: question.through, settings });

function shownLooks(question: Question): Look[] {
  return looksOf({ ...comparedDays(question), share: question.share }).map(({ date, readings: { expectancy } }) => {
    if (typeof expectancy !== 'object')
      return { date, difference: null, lower: null, upper: null, p: null, p_now: null };
    const { difference, lower, upper, p, p_now } = expectancy;
    return { date, difference, lower, upper, p, p_now };
  });
}

/** How long a test of the next change would take. @throws NotFound when the bot has no snapshot */
export async function planFor(database: Database, asked: Asked, effect: number): Promise<Plan> {
  const snapshots = await store.snapshotsOfArms(database, asked.bot_id, asked);
  const active = snapshots.at(-1);
  const [arm] = active ? await armsOf(database, asked, snapshots, [active]) : [];
  if (!arm || !active) throw new NotFound(`bot ${asked.bot_id} has no snapshot`);
  return planOf(arm, { effect, through: active.through });
}

/** Nothing stands before this candidate. */
type Lone = Pick<Question, 'candidate' | 'through'>;

/** The question, or what there is of it when nothing stands before the candidate, or null when there is no snapshot at all. */
async function questionFor(
  database: Database,
  asked: Asked,
): Promise<(Question & { changes: Change[] }) | Lone | null> {
  const snapshots = await store.snapshotsOfArms(database, asked.bot_id, asked);
  const find = (id: string | undefined) => {
    const found = snapshots.find(({ snapshot_id }) => snapshot_id === id);
    if (id !== undefined && !found) throw new NotFound(`bot ${asked.bot_id} has no snapshot ${id}`);
    return found;
  };
  const [candidate, baseline] = [find(asked.candidate) ?? snapshots.at(-1), find(asked.baseline)];
  if (!candidate) return null;
  if (baseline?.config_hash === candidate.config_hash) {
    throw new InvalidInput([
      {
        path: 'baseline',
        message: `snapshots ${baseline.snapshot_id} and ${candidate.snapshot_id} have the same configuration`,
      },
    ]);
  }
  const pair = pairOf(snapshots, { candidate, baseline });
  const { through } = candidate;
  if (!pair) {
    const [arm] = await armsOf(database, asked, snapshots, [candidate]);
    return arm ? { candidate: arm, through } : null;
  }
  const [from, to] = await armsOf(database, asked, snapshots, [pair.baseline, pair.candidate]);
  if (!from || !to) return null;
  const changes = changesBetween(from.config, to.config);
  const { share, exploratory } = pair;
  return {
    baseline: from,
    candidate: to,
    through,
    changes,
    changed: changes.map(({ path }) => path),
    share,
    exploratory,
    material: asked.settings.material,
  };
}

/** The arms of snapshots, with all their summary rows, and the configuration that makes each one. */
async function armsOf(
  database: Database,
  { bot_id }: Asked,
  snapshots: readonly store.SnapshotOfArm[],
  of: readonly store.SnapshotOfArm[],
): Promise<(Arm & { readonly config: Record<string, unknown> })[]> {
  const [hashes, ids] = [of.map(({ config_hash }) => config_hash), of.map(({ snapshot_id }) => snapshot_id)];
  const through = of[0]?.through ?? '-infinity';
  const [rows, open, known] = await Promise.all([
    allRows(database, bot_id, { hashes, through }),
    store.openCosts(database, bot_id, hashes),
    snapshotsById(database, ids),
  ]);
  return of.map(({ snapshot_id, config_hash }) => {
    const { notes = null, config = {} } = known.find((snapshot) => snapshot.snapshot_id === snapshot_id) ?? {};
    const own = snapshots.filter((snapshot) => snapshot.config_hash === config_hash);
    return {
      snapshot_id,
      config_hash,
      notes,
      config,
      snapshot_ids: own.map((snapshot) => snapshot.snapshot_id),
      started_on: own[0]?.started_on ?? through,
      rows: rows.filter((row) => row.config_hash === config_hash),
      open_cost_usd: open.find((cost) => cost.config_hash === config_hash)?.open_cost_usd ?? 0,
    };
  });
}

/** A page of rows, under the Data API's 1 MB: as JSON, one has some 700 bytes, and 1,400 at most. */
const ROWS_A_PAGE = 700;

async function allRows(
  database: Database,
  botId: string,
  of: { hashes: readonly string[]; through: string },
): Promise<(ArmRow & { config_hash: string })[]> {
  const rows: (ArmRow & { config_hash: string })[] = [];
  let page: typeof rows;
  do {
    const { date = '-infinity', active_from = '-infinity' } = rows.at(-1) ?? {};
    page = await store.armRows(database, botId, { ...of, after: { date, active_from }, limit: ROWS_A_PAGE });
    rows.push(...page);
  } while (page.length === ROWS_A_PAGE);
  return rows;
}
