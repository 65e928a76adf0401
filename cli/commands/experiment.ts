import * as z from 'zod';
import {
  type Experiment,
  getExperiment,
  Length,
  listExperiments,
  pauseExperiment,
  planExperiment,
  resumeExperiment,
  startExperiment,
  stopExperiment,
} from '../../functions/experiments/contract.ts';
import { counted, shortId, usd } from '../../functions/formatting.ts';
import { type Block, left, right } from '../../functions/report/document/blocks.ts';
import { armName, evidenceBlocks, titleOf } from '../../functions/report/document/experiments.ts';
import { command, sentence } from '../command.ts';
import { Failure, UsageError } from '../failure.ts';
import { jsonFile } from '../json-file.ts';
import type { Api } from '../service/api.ts';
import { serviceOptions } from '../service/location.ts';
import { idOfNamed, minute } from '../snapshot.ts';

const actions = ['plan', 'start', 'list', 'show', 'pause', 'resume', 'stop'] as const;
type Action = (typeof actions)[number];

export const experiment = command({
  summary: 'Plan, start, follow and stop a randomised test of new settings',
  operands: { usage: `${actions.join('|')} [<experiment>]`, least: 1, most: 2 },
  description:
    'In an alternating test a coin decides in which half of each pair of blocks the bot trades with the new settings; in a parallel test two bots trade on the same days. The service assigns and the bot applies: see docs/experiments.md. show, pause, resume and stop take the id of an experiment, or the start of it; by default the latest one.',
  options: {
    candidate: { type: 'string', value: '<snapshot>', help: 'start: a snapshot with the new settings' },
    config: { type: 'string', value: '<file>', help: 'start: the new settings as a JSON file, instead of --candidate' },
    baseline: {
      type: 'string',
      value: '<snapshot>',
      help: 'start: a snapshot with the old settings; default: the active one',
    },
    notes: { type: 'string', value: '<text>', help: 'start: a name for the settings of --config' },
    with: {
      type: 'string',
      value: '<bot>',
      help: 'start: the bot that trades with the new settings, for a parallel test',
    },
    length: {
      type: 'string',
      value: '<length>',
      help: `plan, start: length of a block: ${Length.options.join(', ')}`,
      schema: Length.optional(),
    },
    from: { type: 'string', value: '<day>', help: 'start: the first trading day; default: the next border' },
    days: {
      type: 'string',
      value: '<n>',
      help: 'start: most days of the test; default: 365',
      schema: z
        .string()
        .regex(/^\d{1,3}$/, 'must be a whole number of days')
        .transform(Number)
        .optional(),
    },
    effect: { type: 'string', value: '<usd>', help: 'plan, start: the difference to plan for, in USD per trade' },
    hypothesis: { type: 'string', value: '<text>', help: 'start: why the new settings should be better' },
    now: { type: 'boolean', help: 'pause: void the running pair, instead of completing it' },
    reason: { type: 'string', value: '<text>', help: 'pause, resume, stop: why; kept with the experiment' },
  },
  common: serviceOptions,
  examples: {
    'plan --effect 0.25': 'How long a test for $0.25 more per trade would take',
    'start --candidate 9a1c --length 1d': 'Alternate the active settings with those of a snapshot, day by day',
    'start --candidate 9a1c --with paper-2': 'Compare with another bot on the same days',
    show: 'How far the latest test is, and what it says',
    'stop --reason "clear enough"': 'End the latest test',
  },
  async run({ bot_id, options, operands: [named = '', id] }, { api }) {
    const action = actions.find((each) => each === named);
    if (action === undefined) throw new UsageError(`${named} must be one of ${actions.join(', ')}`);
    if (id !== undefined && ['plan', 'start', 'list'].includes(action))
      throw new UsageError(`${action} takes no experiment: ${id}`);
    if (action === 'plan') {
      const { baseline, length, effect } = options;
      const query = { bot_id, baseline: await idOfNamed(api, bot_id, baseline), length, effect };
      const { body: answer } = await api(planExperiment, { query });
      return { answer, shown: [sentence(answer.summary), sentence(PARALLEL)] };
    }
    if (action === 'list') {
      const { body: answer } = await api(listExperiments, { query: { bot_id: bot_id ?? 'default' } });
      return { answer, shown: answer.experiments.length === 0 ? [sentence(NONE)] : [listTable(answer.experiments)] };
    }
    const answer =
      action === 'start' ? await start(api, bot_id, options) : await changed(api, action, { bot_id, id, ...options });
    return {
      answer,
      shown: action === 'stop' || action === 'show' ? shown(answer) : [...startedBlocks(answer), ...shown(answer)],
    };
  },
});

const PARALLEL =
  'Two bots side by side (--with <bot>) that make half of their entries in common decide in 10 to 40 days what alternating decides in 40 to 60.';

const NONE = 'There is no experiment yet: "strategy experiment plan" says how long one would take.';

interface StartOptions {
  readonly candidate: string | undefined;
  readonly config: string | undefined;
  readonly baseline: string | undefined;
  readonly notes: string | undefined;
  readonly with: string | undefined;
  readonly length: Experiment['length'] | undefined;
  readonly from: string | undefined;
  readonly days: number | undefined;
  readonly effect: string | undefined;
  readonly hypothesis: string | undefined;
}

async function start(api: Api, bot_id: string | undefined, options: StartOptions): Promise<Experiment> {
  const { candidate, config, with: other, days, effect, hypothesis, from, length, notes } = options;
  if (candidate !== undefined && config !== undefined) throw new UsageError('give --candidate or --config, not both');
  if (candidate === undefined && config === undefined && other === undefined)
    throw new UsageError('give the new settings: --candidate <snapshot> or --config <file>');
  const snapshot_id = await idOfNamed(api, other ?? bot_id, candidate);
  const { body } = await api(startExperiment, {
    body: {
      bot_id,
      design: other === undefined ? ('switchback' as const) : ('parallel' as const),
      baseline: await idOfNamed(api, bot_id, options.baseline),
      candidate: config === undefined ? snapshot_id && { snapshot_id } : { config: await jsonFile(config), notes },
      candidate_bot_id: other,
      ...{ length, starts_on: from, hypothesis, effect_usd: effect },
      most_days: days,
    },
  });
  return body;
}

const operations = { pause: pauseExperiment, resume: resumeExperiment, stop: stopExperiment } as const;

async function changed(
  api: Api,
  action: Exclude<Action, 'plan' | 'list' | 'start'>,
  {
    bot_id,
    id,
    now,
    reason,
  }: { bot_id: string | undefined; id: string | undefined; now: boolean; reason: string | undefined },
): Promise<Experiment> {
  const path = { experiment_id: await experimentNamed(api, bot_id, id) };
  if (action === 'show') return (await api(getExperiment, { path })).body;
  return (await api(operations[action], { path, body: { now, reason } })).body;
}

/** The experiment with this id or start of an id; by default the latest one. */
async function experimentNamed(api: Api, bot_id: string | undefined, operand: string | undefined): Promise<string> {
  const { experiments } = (await api(listExperiments, { query: { bot_id: bot_id ?? 'default', limit: 500 } })).body;
  const found = experiments.filter(
    ({ experiment_id }) => operand === undefined || experiment_id.startsWith(operand.toLowerCase()),
  );
  // The running one, if there is one, since others may have been imported after it.
  const first = found.find(({ status }) => ['scheduled', 'running', 'paused'].includes(status)) ?? found[0];
  const [, second] = found;
  if (!first)
    throw new Failure(
      operand === undefined
        ? NONE
        : `No experiment of the bot ${bot_id ?? 'default'} has an id that starts with ${operand}: "strategy experiment list" lists them.`,
    );
  if (operand !== undefined && second)
    throw new Failure(
      [
        `The ids of ${found.length} experiments start with ${operand}: type more of it.`,
        ...found.map(({ experiment_id }) => `  ${experiment_id}`),
      ].join('\n'),
    );
  return first.experiment_id;
}

const listTable = (
  experiments: readonly Pick<
    Experiment,
    'experiment_id' | 'status' | 'starts_on' | 'candidate' | 'baseline' | 'design'
  >[],
): Block => ({
  type: 'table',
  caption: 'Newest first',
  columns: [left('Id'), left('From'), left('Status'), left('Design'), left('New settings'), left('Old settings')],
  rows: experiments.map(({ experiment_id, starts_on, status, design, candidate, baseline }) => [
    shortId(experiment_id),
    starts_on,
    status,
    design === 'switchback' ? 'alternating' : 'parallel',
    armName(candidate),
    armName(baseline),
  ]),
});

/** What comes next: the plan, and the next blocks. */
function startedBlocks({ experiment_id, plan, pairs, starts_at, length, design }: Experiment): Block[] {
  const now = new Date().toISOString();
  const next = pairs
    .flatMap(({ blocks, void: isVoid }) => (isVoid ? [] : blocks))
    .filter(({ until }) => until > now)
    .slice(0, 4);
  return [
    sentence(
      `Experiment ${shortId(experiment_id)}, from ${minute(starts_at)} UTC${design === 'parallel' ? '' : `, blocks of ${length}`}. ${plan.summary}`,
    ),
    ...(next.length === 0
      ? []
      : [
          {
            type: 'table',
            caption: 'The next blocks',
            columns: [left('From (UTC)'), left('Until'), left('Trade with')],
            rows: next.map(({ arm, from, until }) => [
              minute(from),
              minute(until),
              arm === 'baseline' ? 'old settings' : 'new settings',
            ]),
          } as const,
        ]),
  ];
}

/** Width of the progress bar, in characters. */
const BAR = 30;

/** The latest pairs that are shown. */
const LATEST = 8;

function shown(experiment: Experiment): Block[] {
  const { verdict, pairs, effect_usd } = experiment;
  const done = verdict.pairs.with_trades;
  const all = done + (verdict.pairs.left ?? 0);
  const filled = all === 0 ? 0 : Math.round((BAR * done) / all);
  const bar = `${'#'.repeat(filled)}${'.'.repeat(BAR - filled)}`;
  const traded = pairs.filter(({ settled, void: isVoid }) => settled || isVoid);
  return [
    { type: 'heading', level: 3, text: titleOf(experiment) },
    sentence(
      verdict.pairs.left === null
        ? `${counted(done, 'pair')} with trades.`
        : `[${bar}] ${done} of about ${counted(all, 'pair')}${effect_usd === null ? '' : `, planned for ${usd(effect_usd)} per trade`}`,
    ),
    ...evidenceBlocks(experiment),
    ...(traded.length === 0
      ? []
      : [
          {
            type: 'table',
            caption: `The latest pairs, of ${traded.length}`,
            columns: [left('Pair'), left('From (UTC)'), left('First'), right('Old'), right('New'), right('Trades')],
            rows: traded.slice(-LATEST).map(({ pair, blocks, order, void: isVoid }) => {
              const pnl = (arm: string) => usd(blocks.find((block) => block.arm === arm)?.pnl_usd ?? null);
              const trades = blocks.reduce((sum, block) => sum + block.trades, 0);
              return [
                `${pair}${isVoid ? ' (void)' : ''}`,
                minute(blocks[0]?.from ?? ''),
                order === null ? '–' : order === 'candidate_first' ? 'new' : 'old',
                pnl('baseline'),
                pnl('candidate'),
                String(trades),
              ];
            }),
          } as const,
        ]),
  ];
}
