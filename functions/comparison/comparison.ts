import type { Database } from '../database/database.ts';
import { InvalidInput, NotFound } from '../errors.ts';
import { changesBetween } from '../snapshots/changes.ts';
import type { Change } from '../snapshots/contract.ts';
import { snapshotsById } from '../snapshots/snapshots.ts';
import type { Look, Plan, Strategy, Target } from './contract.ts';
import { pairOf } from './pairing.ts';
import type { ComparisonSettings } from './settings.ts';
import * as store from './store.ts';
import { targetsOf, targetsOfCandidate } from './targets.ts';
import type { Arm, ArmRow } from './verdict/arm.ts';
import type { ComparisonInput } from './verdict/comparison-input.ts';
import type { Verdict } from './verdict/contract.ts';
import { looksOf } from './verdict/looks.ts';
import { withoutBaseline } from './verdict/no-baseline.ts';
import { planOf } from './verdict/plan.ts';
import { comparedDays, verdictOf } from './verdict/verdict.ts';

/** Which arms of a bot to compare, and as of when. */
export interface ComparisonRequest {
  readonly bot_id: string;
  /** The instant as of which the snapshots are read. */
  readonly at: string;
  /** The last trading day to include; by default the last one completed at `at`. */
  readonly through?: string | undefined;
  /** Snapshot ids; by default the pair that `pairOf` chooses. */
  readonly baseline?: string | undefined;
  readonly candidate?: string | undefined;
  readonly settings: ComparisonSettings;
}

/** The latest strategies of a bot, newest first, pooled over all days, and the verdict as of the last completed day.
 *  @throws NotFound when a requested snapshot does not belong to the bot, InvalidInput when both belong to one arm */
export async function compareStrategies(
  database: Database,
  request: ComparisonRequest & { readonly limit: number },
): Promise<{ strategies: Strategy[]; verdict: Verdict | null; targets: Target[] }> {
  const [strategies, verdict] = await Promise.all([
    latestStrategies(database, { ...request, through: 'infinity' }),
    verdictFor(database, request),
  ]);
  return { strategies, verdict, targets: verdict ? targetsOfCandidate(verdict, request.settings.targets) : [] };
}

/** The latest strategies of a bot, newest first, each with its targets. */
export async function latestStrategies(
  database: Database,
  request: ComparisonRequest & { readonly through: string; readonly limit: number },
): Promise<Strategy[]> {
  const strategies = await store.strategies(database, request.bot_id, request);
  return strategies.map((strategy) => ({ ...strategy, targets: targetsOf(strategy, request.settings.targets) }));
}

/** A verdict with the evidence behind it: every look, oldest first, the settings that differ, and the targets of the candidate. */
export interface VerdictEvidence {
  readonly verdict: Verdict;
  readonly looks: Look[];
  readonly changes: Change[];
  readonly targets: Target[];
}

/** The verdict on a pair with its evidence; null when the bot has no snapshot. */
export async function evidenceFor(database: Database, request: ComparisonRequest): Promise<VerdictEvidence | null> {
  const input = await loadInput(database, request);
  if (input === null) return null;
  const verdict = verdictOn(input, request);
  const targets = targetsOfCandidate(verdict, request.settings.targets);
  return 'baseline' in input
    ? { verdict, looks: publicLooks(input), changes: input.changes, targets }
    : { verdict, looks: [], changes: [], targets };
}

/** The verdict on a pair; null when the bot has no snapshot. */
export async function verdictFor(database: Database, request: ComparisonRequest): Promise<Verdict | null> {
  const input = await loadInput(database, request);
  return input && verdictOn(input, request);
}

/** Every look of a comparison, oldest first. */
export async function historyOf(database: Database, request: ComparisonRequest): Promise<{ looks: Look[] }> {
  const input = await loadInput(database, request);
  return { looks: input && 'baseline' in input ? publicLooks(input) : [] };
}

const verdictOn = (input: ComparisonInput | UnpairedInput, { settings }: ComparisonRequest): Verdict =>
  'baseline' in input ? verdictOf(input) : withoutBaseline(input.candidate, { ...input, settings });

/** The looks as the API returns them: expectancy only. */
function publicLooks(input: ComparisonInput): Look[] {
  return looksOf({ ...comparedDays(input), share: input.share }).map(({ date, readings: { expectancy } }) => {
    if (typeof expectancy !== 'object')
      return { date, difference: null, lower: null, upper: null, p: null, p_now: null };
    const { difference, lower, upper, p, p_now } = expectancy;
    return { date, difference, lower, upper, p, p_now };
  });
}

/** Estimates how long a test of the next change would take. @throws NotFound when the bot has no snapshot */
export async function planFor(database: Database, request: ComparisonRequest, effect: number): Promise<Plan> {
  const snapshots = await store.snapshotsOfArms(database, request.bot_id, request);
  const active = snapshots.at(-1);
  const [arm] = active ? await loadArms(database, request, snapshots, [active]) : [];
  if (!arm || !active) throw new NotFound(`bot ${request.bot_id} has no snapshot`);
  return planOf(arm, { effect, through: active.through });
}

/** A candidate without a baseline to compare it with. */
type UnpairedInput = Pick<ComparisonInput, 'candidate' | 'through'> & {
  /** Whether the bot had other settings before, which closed no trade. */
  readonly hadOthers: boolean;
};

/** Loads what a verdict needs: both arms, or the candidate alone when it has no baseline; null when the bot has no snapshot. */
async function loadInput(
  database: Database,
  request: ComparisonRequest,
): Promise<(ComparisonInput & { changes: Change[] }) | UnpairedInput | null> {
  const snapshots = await store.snapshotsOfArms(database, request.bot_id, request);
  const find = (id: string | undefined) => {
    const found = snapshots.find(({ snapshot_id }) => snapshot_id === id);
    if (id !== undefined && !found) throw new NotFound(`bot ${request.bot_id} has no snapshot ${id}`);
    return found;
  };
  const [candidate, baseline] = [find(request.candidate) ?? snapshots.at(-1), find(request.baseline)];
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
    const [arm] = await loadArms(database, request, snapshots, [candidate]);
    const hadOthers = snapshots.some(({ config_hash }) => config_hash !== candidate.config_hash);
    return arm ? { candidate: arm, through, hadOthers } : null;
  }
  const [from, to] = await loadArms(database, request, snapshots, [pair.baseline, pair.candidate]);
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
    material: request.settings.material,
  };
}

/** Loads the arms of the `chosen` snapshots: all summary rows of each configuration, and the configuration itself. */
async function loadArms(
  database: Database,
  { bot_id }: ComparisonRequest,
  snapshots: readonly store.SnapshotOfArm[],
  chosen: readonly store.SnapshotOfArm[],
): Promise<(Arm & { readonly config: Record<string, unknown> })[]> {
  const [hashes, ids] = [chosen.map(({ config_hash }) => config_hash), chosen.map(({ snapshot_id }) => snapshot_id)];
  const through = chosen[0]?.through ?? '-infinity';
  const [rows, open, known] = await Promise.all([
    allRows(database, bot_id, { hashes, through }),
    store.openCosts(database, bot_id, hashes),
    snapshotsById(database, ids),
  ]);
  return chosen.map(({ snapshot_id, config_hash }) => {
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

/** Summary rows read per call. A row takes about 700 bytes as JSON, at most 1,400, so a page stays under the Data API's 1 MB. */
const PAGE_ROWS = 700;

async function allRows(
  database: Database,
  botId: string,
  arms: { hashes: readonly string[]; through: string },
): Promise<(ArmRow & { config_hash: string })[]> {
  const rows: (ArmRow & { config_hash: string })[] = [];
  let page: typeof rows;
  do {
    const { date = '-infinity', active_from = '-infinity' } = rows.at(-1) ?? {};
    page = await store.armRows(database, botId, { ...arms, after: { date, active_from }, limit: PAGE_ROWS });
    rows.push(...page);
  } while (page.length === PAGE_ROWS);
  return rows;
}
