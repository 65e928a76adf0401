import { page } from '../contract/page.ts';
import type { Database } from '../database/database.ts';
import { Conflict, InvalidInput, NotFound } from '../errors.ts';
import { canonical } from '../snapshots/canonical.ts';
import { sha256 } from '../snapshots/config-hash.ts';
import { dayAfter } from '../summaries/days.ts';
import { blockRows, withVoids } from './block-rows.ts';
import type { ChangeExperiment, Experiment, ExperimentState, ExperimentSummary, StartExperiment } from './contract.ts';
import { experimentOf } from './experiment.ts';
import { settleDays } from './plan.ts';
import { planFor } from './planning.ts';
import { armsOf, checkDesign } from './request.ts';
import { type Border, daysOf, firstBorder, instantOf, type Length, localDate } from './schedule/borders.ts';
import { drawSeed } from './schedule/coin.ts';
import { type ExperimentEvent, scheduleOf } from './schedule/schedule.ts';
import * as store from './store.ts';
import { timeOf } from './time.ts';

/** Most calendar days of an experiment, unless requested otherwise. */
const MOST_DAYS = 365;

interface At {
  readonly now: Date;
  /** The smallest difference that matters, in USD per trade. */
  readonly material: number;
}

/** Starts an experiment, once per key. @throws InvalidInput, NotFound, TooLarge, Conflict, KeyReused */
export async function startExperiment(
  database: Database,
  request: StartExperiment,
  { key, now, material }: At & { readonly key: string },
): Promise<Experiment> {
  checkDesign(request);
  const { bot_id, design, imported } = request;
  const [arms, zone] = await Promise.all([armsOf(database, request), store.tradingZone(database)]);
  const [baseline] = arms;
  const effect = request.effect_usd ?? null;
  const { plan, length, history } = await planFor(database, {
    ...{
      bot_id,
      design,
      zone,
      until: Math.min(now.getTime(), request.starts_on ? Date.parse(request.starts_on) : Infinity),
      config_hash: baseline.config_hash,
    },
    ...{ length: request.length ?? null, effect: Number(effect ?? material) },
  });
  const starts = startOf(request, { zone, length, now: now.getTime() });
  const seed = design === 'parallel' ? null : (request.seed ?? drawSeed());
  const most_days = request.most_days ?? MOST_DAYS;
  const settles = settleDays(history.p95);
  const ends: Border = { ...starts, date: dayAfter(starts.date, most_days) };
  const pairLength = design === 'parallel' ? 1 : 2 * daysOf(length);
  if (most_days < pairLength)
    throw new InvalidInput([
      { path: '/most_days', message: `must be at least ${pairLength}, the days of a pair of ${length} blocks` },
    ]);
  const blocks =
    seed === null ? [] : blockRows(scheduleOf({ seed, bot_id, zone, length, starts, most_days, events: [] }));
  const voids = (request.voids ?? []).map((each) => (typeof each === 'number' ? { pair: each } : each));
  const unknown = voids.findIndex(({ pair }) => !blocks.some((block) => block.pair === pair));
  if (unknown >= 0)
    throw new InvalidInput([
      { path: `/voids/${unknown}`, message: `there is no pair ${voids[unknown]?.pair} within most_days` },
    ]);
  const id = await store.startExperiment(database, {
    ...{
      bot_id,
      design,
      candidate_bot_id: request.candidate_bot_id ?? null,
      seed,
      imported,
      time_zone: zone,
      length,
      most_days,
    },
    ...{ settle_days: design === 'parallel' ? 0 : settles, skip_days: design === 'parallel' ? settles : 0 },
    ...{ starts_at: timeOf(instantOf(zone, starts)), starts_on: starts.date, ends_at: timeOf(instantOf(zone, ends)) },
    ...{ hypothesis: request.hypothesis ?? null, effect_usd: effect, plan, arms },
    blocks: withVoids(blocks, voids),
    idempotency_key: key,
    request_hash: sha256(canonical(request)),
  });
  return experimentById(database, id, { now, material });
}

/** The border at which an experiment starts. @throws InvalidInput when only an imported test could start then */
function startOf(
  { design, imported, starts_on }: StartExperiment,
  { zone, length, now }: { zone: string; length: Length; now: number },
): Border {
  if (!starts_on) return firstBorder(zone, now, length);
  const isDay = starts_on.length === 10;
  const starts = isDay ? { date: starts_on, hour: 0 } : firstBorder(zone, Date.parse(starts_on), length);
  if (design === 'switchback' && !imported && instantOf(zone, starts) < now)
    throw new InvalidInput([
      {
        path: '/starts_on',
        message: `must not be in the past: the next border is ${timeOf(instantOf(zone, firstBorder(zone, now, length)))}`,
      },
    ]);
  if (imported && instantOf(zone, starts) >= now)
    throw new InvalidInput([{ path: '/starts_on', message: 'must be in the past: an imported test was run already' }]);
  return starts;
}

/** Pairs read per call; a row has at most about 1.5 KB, and a result of the Data API 1 MB. */
const PAGE_PAIRS = 400;

/** An experiment with its pairs, checks, looks and verdict. @throws NotFound */
export async function experimentById(database: Database, id: string, { now, material }: At): Promise<Experiment> {
  const at = now.toISOString();
  const found = await store.experiment(database, id, at);
  if (!found) throw new NotFound(`no experiment ${id}`);
  const through = dayAfter(localDate(found.time_zone, now.getTime()), -1);
  if (found.design === 'parallel') {
    const days = await allPages((after: store.ParallelDay | undefined) =>
      store.parallelDays(database, found, {
        from: dayAfter(after?.date ?? dayAfter(found.starts_on, found.skip_days - 1)),
        to: through,
        limit: PAGE_PAIRS,
      }),
    );
    return experimentOf(found, { pairs: [], days, through, material, now: now.getTime() });
  }
  const pairs = await allPairs(database, id);
  return experimentOf(found, { pairs, days: [], through, material, now: now.getTime() });
}

const allPairs = (database: Database, id: string): Promise<store.PairRow[]> =>
  allPages((last: store.PairRow | undefined) =>
    store.pairs(database, id, { after: last?.pair ?? 0, limit: PAGE_PAIRS }),
  );

async function allPages<Row>(read: (after: Row | undefined) => Promise<Row[]>): Promise<Row[]> {
  const rows: Row[] = [];
  let more: Row[];
  do {
    more = await read(rows.at(-1));
    rows.push(...more);
  } while (more.length === PAGE_PAIRS);
  return rows;
}

/** Experiments of one bot, or of all, newest first; those of bots `among` some, or of any (null). */
export async function listExperiments(
  database: Database,
  query: { bot_id?: string | undefined; status?: string | undefined; limit: number; cursor?: [string] | undefined },
  { among, now }: Pick<At, 'now'> & { readonly among: readonly string[] | null },
): Promise<{ experiments: ExperimentSummary[]; next_cursor: string | null }> {
  const { items, next_cursor } = await page<store.SummaryRow>(
    query.limit,
    (limit) => store.experiments(database, { ...query, among, at: now.toISOString() }, limit),
    ({ created_at }) => [created_at],
  );
  return { experiments: items.map(({ arms, ...experiment }) => ({ ...experiment, ...arms })), next_cursor };
}

/** Most experiments in a report. */
const MOST_CURRENT = 3;

/** The experiments of a bot, with no bot but those `among` some (null: any), that ran between two instants, with their verdicts as of the
 *  second, newest first. */
export async function experimentsBetween(
  database: Database,
  bot_id: string,
  { among, from, to, material }: { among: readonly string[] | null; from: string; to: string; material: number },
): Promise<ExperimentState[]> {
  const rows = await store.experiments(database, { bot_id, among, at: to, from }, MOST_CURRENT);
  const whole = await Promise.all(
    rows.map(({ experiment_id }) => experimentById(database, experiment_id, { now: new Date(to), material })),
  );
  return whole.map(({ plan: _, events, pairs, looks, seed, ...state }) => state);
}

/** Times that a change is tried again when another one came first. */
const ATTEMPTS = 5;

/** Pauses, resumes or stops an experiment. A repeat changes nothing. @throws NotFound, Conflict */
export async function changeExperiment(
  database: Database,
  { id, action, request }: { id: string; action: ExperimentEvent['action']; request: ChangeExperiment },
  { now, material }: At,
): Promise<Experiment> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const found = await store.experiment(database, id, now.toISOString());
    if (!found) throw new NotFound(`no experiment ${id}`);
    const { status, seed, bot_id, events, length, most_days, starts_on, time_zone: zone } = found;
    const isStronger = action === 'pause' && request.now && !events.at(-1)?.now;
    if (status === after[action] && !isStronger) return experimentById(database, id, { now, material });
    if (status === 'stopped' || status === 'ended')
      throw new Conflict(`experiment ${id} has ${status === 'ended' ? 'ended' : 'been stopped'}`);
    if (action === 'resume' && status !== 'paused') return experimentById(database, id, { now, material });
    const event = { action, at: now.getTime(), now: request.now && action === 'pause' };
    const starts = firstBorder(zone, Date.parse(found.starts_at), length);
    const pairs =
      seed === null
        ? []
        : scheduleOf({
            seed,
            bot_id,
            zone,
            length,
            starts: { ...starts, date: starts_on },
            most_days,
            events: [...events, event],
          });
    const changed = await store.changeExperiment(database, {
      ...{ bot_id, experiment_id: id, number: events.length + 1, ...event, at: timeOf(event.at) },
      ...{ by: request.by ?? null, reason: request.reason ?? null },
      blocks: withVoids(blockRows(pairs), await voidsOf(database, found)),
    });
    if (changed) return experimentById(database, id, { now, material });
  }
  throw new Conflict(`experiment ${id} is being changed by others: try again`);
}

/** The void pairs of an imported test, which no event explains. */
const voidsOf = async (database: Database, { experiment_id, imported }: store.ExperimentRow) =>
  imported
    ? (await allPairs(database, experiment_id)).flatMap(({ pair, broken_in: arm, void_reason: reason }) =>
        arm ? [{ pair, arm, reason }] : [],
      )
    : [];

/** The status that an action leads to. */
const after = { pause: 'paused', resume: 'running', stop: 'stopped' } as const;
