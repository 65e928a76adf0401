import * as z from 'zod';
import {
  botId,
  cursor,
  day,
  document,
  freeText,
  instant,
  limit,
  nextCursor,
  positiveDecimal,
  snapshotId,
} from '../contract/fields.ts';
import { operation } from '../contract/operation.ts';
import { Config } from '../snapshots/contract.ts';
import { ExperimentArm, ExperimentLook, ExperimentVerdict } from './verdict/contract.ts';

const value = z.number().nullable();
const time = z.string().meta({ format: 'date-time' });

/** Lengths of a block: equal local parts of a day, or whole days. */
export const Length = z.enum(['4h', '6h', '12h', '1d', '2d', '4d', '7d']);
const Arm = z.enum(['baseline', 'candidate']);
const Design = z.enum(['switchback', 'parallel']);

export const experimentId = z
  .guid('must be an experiment id such as 0f8fad5b-d9cb-469f-a165-70867728950e')
  .toLowerCase()
  .meta({ description: 'An experiment id', example: '0f8fad5b-d9cb-469f-a165-70867728950e' });

const designOf = Design.meta({
  description:
    '`switchback`: one bot, and a coin decides in which half of a pair of blocks it trades with the candidate. `parallel`: two bots trade on the same days, each with one of the settings',
});

export const StartExperiment = z.strictObject({
  bot_id: botId,
  design: designOf,
  baseline: snapshotId.nullish().meta({ description: 'A snapshot with the old settings; by default the active one' }),
  candidate: z
    .union(
      [
        z.strictObject({ snapshot_id: snapshotId }),
        z.strictObject({ config: Config, notes: freeText(4000).nullish() }),
      ],
      {
        error: 'must be {"snapshot_id": …} or {"config": {…}, "notes": …}',
      },
    )
    .nullish()
    .meta({ description: 'The new settings. In a parallel test by default what the candidate’s bot trades with' }),
  candidate_bot_id: botId.unwrap().nullish().meta({ description: 'The other bot of a parallel test' }),
  length: Length.nullish().meta({
    description:
      'Of a block. By default the shortest that is at least as long as nearly all trades are held (95 %), and brings the baseline 3 trades',
  }),
  starts_on: z
    .union([day, instant], { error: 'must be a day such as 2026-11-22, or a time with an offset' })
    .nullish()
    .meta({
      description:
        'The first trading day; by default the next border. Only imported and parallel tests may start in the past',
    }),
  hypothesis: freeText(4000).nullish().meta({ description: 'Why the candidate should be better, for people to read' }),
  effect_usd: positiveDecimal
    .nullish()
    .meta({ description: 'The difference to plan for, USD per trade; by default the smallest that matters' }),
  most_days: z.int().min(1).max(730).nullish().meta({ description: 'Most calendar days; by default 365' }),
  imported: z
    .boolean()
    .default(false)
    .meta({ description: 'A switchback that was run elsewhere, with its `seed`, its start, and its `voids`' }),
  seed: z
    .string()
    .regex(/^[0-9a-f]{32}$/, 'must be 32 hexadecimal digits in lower case')
    .nullish()
    .meta({ description: 'Of an imported test only: here, the service draws it' }),
  voids: z
    .array(
      z.union([
        z.int().min(1),
        z.strictObject({ pair: z.int().min(1), arm: Arm.nullish(), reason: freeText(400).nullish() }),
      ]),
    )
    .max(1000)
    .nullish()
    .meta({ description: 'Of an imported test only: its void pairs, each with the arm in whose block it broke off' }),
});
export type StartExperiment = z.output<typeof StartExperiment>;

export const ExperimentPlan = z
  .object({
    effect_usd: z.number(),
    length: Length,
    pairs: z.int().nullable().meta({
      description:
        'Pairs until a difference of this size is decided with 80 % probability; null: unknown, or not within a century',
    }),
    days: z.int().nullable(),
    effect_in_60_days_usd: value.meta({
      description: 'The difference that would be decided within 60 days with 80 % probability',
    }),
    baseline_pairs: z.int().meta({ description: 'Pairs that the last 90 days of the baseline make among themselves' }),
    settle_days: z.int(),
    p95_hold_seconds: value.meta({ description: '95 % of the baseline’s trades are held for less; null: no history' }),
    trades_per_block: value,
    summary: z.string(),
  })
  .meta({ id: 'ExperimentPlan' });
export type ExperimentPlan = z.output<typeof ExperimentPlan>;

const Status = z.enum(['scheduled', 'running', 'paused', 'ended', 'stopped']);

const Event = z.object({
  action: z.enum(['pause', 'resume', 'stop']),
  at: time,
  now: z.boolean(),
  by: z.string().nullable(),
  reason: z.string().nullable(),
});

export const ExperimentSummary = z
  .object({
    experiment_id: experimentId,
    bot_id: z.string(),
    design: designOf,
    candidate_bot_id: z.string().nullable(),
    status: Status,
    imported: z.boolean(),
    time_zone: z.string(),
    length: Length,
    settle_days: z.int(),
    starts_at: time,
    starts_on: z.string(),
    ends_at: time,
    most_days: z.int(),
    hypothesis: z.string().nullable(),
    effect_usd: value,
    created_at: time,
    baseline: ExperimentArm,
    candidate: ExperimentArm,
  })
  .meta({ id: 'ExperimentSummary' });
export type ExperimentSummary = z.output<typeof ExperimentSummary>;

const Block = z.object({
  arm: Arm,
  from: time,
  until: time,
  trades: z.int(),
  pnl_usd: z.number(),
  winning_trades: z.int(),
  losing_trades: z.int(),
  followed: z.int().meta({ description: 'Trades entered with the assigned settings' }),
});

export const ExperimentPair = z
  .object({
    pair: z.int(),
    order: z.enum(['baseline_first', 'candidate_first']).nullable().meta({ description: 'null: parallel' }),
    blocks: z.array(Block).meta({ description: 'In the order of time' }),
    settles_on: z.string().meta({ description: 'The completed trading day after which the pair counts' }),
    settled: z.boolean(),
    void: z
      .object({ broken_in: Arm.nullable(), reason: z.string().nullable() })
      .nullable()
      .meta({ description: 'Broken off: it counts nowhere' }),
  })
  .meta({ id: 'ExperimentPair' });
export type ExperimentPair = z.output<typeof ExperimentPair>;

export const Experiment = ExperimentSummary.extend({
  seed: z
    .string()
    .nullable()
    .meta({ description: 'All orders follow from it: the first bit of SHA-256 of `seed|bot_id|pair`' }),
  plan: ExperimentPlan,
  events: z.array(Event),
  pairs: z.array(ExperimentPair).meta({ description: 'Every pair that was planned, with its trades so far' }),
  checks: z
    .object({
      followed: value.meta({ description: 'Percent of trades that were entered with the assigned settings' }),
      voids: z.object({ pairs: z.int(), in_candidate: z.int(), e: z.number() }),
      orders: z.object({ pairs: z.int(), candidate_first: z.int(), e: z.number() }).nullable(),
      follows_market_t: value.meta({
        description: 't of the correlation between the difference of a pair and its mean',
      }),
      held_after: value.meta({ description: 'Mean share of the hold time after the end of the block' }),
    })
    .meta({ description: 'What could be wrong with the test' }),
  looks: z.array(ExperimentLook).meta({ description: 'Oldest first' }),
  verdict: ExperimentVerdict,
}).meta({ id: 'Experiment' });
export type Experiment = z.output<typeof Experiment>;

/** An experiment without its plan and its blocks. */
export const ExperimentState = Experiment.omit({ plan: true, events: true, pairs: true, looks: true, seed: true }).meta(
  {
    id: 'ExperimentState',
  },
);
export type ExperimentState = z.output<typeof ExperimentState>;

export const ChangeExperiment = z.strictObject({
  now: z.boolean().default(false).meta({ description: 'Of a pause: void the running pair, instead of completing it' }),
  reason: freeText(400).nullish(),
  by: freeText(200).nullish().meta({ description: 'Who does it' }),
});
export type ChangeExperiment = z.output<typeof ChangeExperiment>;

export const Assignment = z
  .object({
    experiment_id: experimentId.nullable().meta({ description: 'null: no experiment is running' }),
    pair: z.int().nullable(),
    arm: Arm.nullable(),
    config: document.meta({ description: 'What the bot is to trade with' }),
    config_hash: z.string(),
    from: time.nullable(),
    until: time.nullable().meta({ description: 'The assignment may be kept until then; null: ask again' }),
    next: z
      .object({
        ...{ experiment_id: experimentId, pair: z.int(), arm: Arm },
        ...{ from: time, until: time, config: document, config_hash: z.string() },
      })
      .nullable()
      .meta({ description: 'The block after this one' }),
  })
  .meta({ id: 'Assignment' });
export type Assignment = z.output<typeof Assignment>;

const oneExperiment = z.strictObject({ experiment_id: experimentId });

export const startExperiment = operation({
  id: 'startExperiment',
  method: 'POST',
  path: '/experiments',
  capability: 'experiments',
  summary: 'Start a randomised test of new settings',
  description:
    'The service assigns, the bot applies: see `GET /assignment`. Secrets in the config are replaced as in snapshots. One running switchback per bot.',
  input: { body: StartExperiment },
  idempotent: true,
  answers: { 201: { description: 'The experiment', schema: Experiment } },
  problems: [404, 409, 413, 422],
});

export const listExperiments = operation({
  id: 'listExperiments',
  method: 'GET',
  path: '/experiments',
  capability: 'experiments',
  summary: 'List experiments, newest first',
  description: 'Of one bot, or of all; without pairs and verdict.',
  input: {
    query: z.strictObject({
      bot_id: botId.unwrap().optional().meta({ description: 'By default all bots' }),
      status: Status.optional().meta({ description: 'By default all' }),
      limit,
      cursor: cursor(z.tuple([instant])).optional(),
    }),
  },
  answers: {
    200: {
      description: 'A page',
      schema: z.object({ experiments: z.array(ExperimentSummary), next_cursor: nextCursor }),
    },
  },
});

export const planExperiment = operation({
  id: 'planExperiment',
  method: 'GET',
  path: '/experiments/plan',
  capability: 'experiments',
  summary: 'Estimate how long a randomised test will take',
  description: 'From what the pairs of the baseline’s last 90 days make among themselves.',
  input: {
    query: z.strictObject({
      bot_id: botId,
      baseline: snapshotId
        .optional()
        .meta({ description: 'A snapshot with the old settings; by default the active one' }),
      length: Length.optional().meta({ description: 'Of a block; by default as in a new experiment' }),
      effect: positiveDecimal
        .optional()
        .meta({ description: 'USD per trade; by default the smallest difference that matters' }),
    }),
  },
  answers: { 200: { description: 'The plan', schema: ExperimentPlan } },
  problems: [404],
});

export const getExperiment = operation({
  id: 'getExperiment',
  method: 'GET',
  path: '/experiments/{experiment_id}',
  capability: 'experiments',
  summary: 'Get an experiment with its verdict',
  description: 'The plan, the blocks as planned and as traded, the checks, every look and the verdict.',
  input: { path: oneExperiment },
  answers: { 200: { description: 'The experiment', schema: Experiment } },
  problems: [404],
});

const change = <Action extends 'pause' | 'resume' | 'stop'>(action: Action, summary: string, description: string) =>
  operation({
    id: `${action}Experiment`,
    method: 'POST',
    path: `/experiments/{experiment_id}/${action}`,
    capability: 'experiments',
    summary,
    description,
    input: { path: oneExperiment, body: ChangeExperiment },
    answers: { 200: { description: 'The experiment', schema: Experiment } },
    problems: [404, 409],
  });

export const pauseExperiment = change(
  'pause',
  'Pause an experiment',
  'At the end of the running pair; with `now` at once, and the pair is void.',
);
export const resumeExperiment = change('resume', 'Resume an experiment', 'A new pair begins at the next border.');
export const stopExperiment = change('stop', 'Stop an experiment', 'For good; the unfinished pair is left out.');

export const getAssignment = operation({
  id: 'getAssignment',
  method: 'GET',
  path: '/assignment',
  capability: 'experiments',
  summary: 'Get the settings that a bot is to trade with',
  description:
    'What the running experiment assigns, or else the config of the active snapshot. Apply it to new entries, and save it as a snapshot as always.',
  input: { query: z.strictObject({ bot_id: botId, at: instant.optional().meta({ description: 'By default now' }) }) },
  answers: { 200: { description: 'The assignment', schema: Assignment } },
  problems: [404],
});

export const experimentOperations = [
  startExperiment,
  listExperiments,
  planExperiment,
  getExperiment,
  pauseExperiment,
  resumeExperiment,
  stopExperiment,
  getAssignment,
];
