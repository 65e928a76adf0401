import type { ExperimentState } from '../../experiments/contract.ts';
import { count, counted, factor, percent, points, shortId, usd } from '../../formatting.ts';
import { type Block, left, right } from './blocks.ts';
import { firstSentence } from './format.ts';
import { plain } from './plain.ts';

/** The randomised tests of a bot: what each says, and how far it is. */
export const experimentBlocks = (experiments: readonly ExperimentState[]): Block[] =>
  experiments.flatMap((experiment) => [
    { type: 'heading', level: 3, text: titleOf(experiment) },
    ...evidenceBlocks(experiment),
  ]);

const designs = { switchback: 'Alternating test', parallel: 'Parallel test' };

/** @example 'Alternating test, running: RSI weight 1.5 against RSI weight 2.5' */
export const titleOf = ({
  design,
  status,
  candidate,
  baseline,
}: Pick<ExperimentState, 'design' | 'status' | 'candidate' | 'baseline'>) =>
  `${designs[design]}, ${status}: ${armName(candidate)} against ${armName(baseline)}`;

export const armName = ({ notes, snapshot_id, config_hash }: ExperimentState['baseline']): string =>
  plain(notes ?? '', 60) ||
  (snapshot_id === null ? `settings ${config_hash.slice(0, 8)}` : `snapshot ${shortId(snapshot_id)}`);

/** The verdict of an experiment with its evidence. */
export function evidenceBlocks({ verdict, checks }: Pick<ExperimentState, 'verdict' | 'checks'>): Block[] {
  const { pairs, needed } = verdict;
  return [
    { type: 'callout', tone: verdict.kind, ...firstSentence(verdict.summary) },
    {
      type: 'figures',
      figures: [
        { label: 'Pairs done', value: count(pairs.with_trades) },
        { label: 'Days left', value: needed === null ? '–' : count(needed.days) },
        { label: 'Followed', value: percent(checks.followed) },
      ],
    },
    ...(pairs.with_trades === 0 ? [] : [tableOf(verdict)]),
    { type: 'text', text: evidenceOf(verdict) },
    ...(verdict.labels.length === 0
      ? []
      : [
          { type: 'text', text: 'Before you rely on it:', strong: true } as const,
          { type: 'list', items: Object.values(verdict.label_notes).map((note) => plain(note, 600)) } as const,
        ]),
  ];
}

const tableOf = ({ expectancy, win_rate, pnl_per_day_usd: perDay, trades }: ExperimentState['verdict']): Block => ({
  type: 'table',
  caption: 'Old and new settings, in the same market',
  columns: [left('Measure'), right('Old'), right('New'), right('Difference'), right('From'), right('To')],
  rows: [
    row('Expectancy', expectancy, usd, usd),
    row('Win rate', win_rate, percent, points),
    row('P&L per day', perDay, usd, usd),
    ['Trades', count(trades.baseline), count(trades.candidate), '', '', ''],
  ],
});

type Format = (value: number | null) => string;

const row = (
  label: string,
  { baseline, candidate, difference, lower, upper }: ExperimentState['verdict']['expectancy'],
  format: Format,
  ofDifference: Format,
): string[] => [
  label,
  format(baseline),
  format(candidate),
  ofDifference(difference),
  ...(lower === null || upper === null ? ['no bound', 'no bound'] : [ofDifference(lower), ofDifference(upper)]),
];

/** @example 'Evidence that there is a difference: 33 to 1 by the t test, 52 to 1 by the coin test. 20 to 1 by both decides.' */
function evidenceOf({ ln_e_t, ln_e_c, alpha, pairs }: ExperimentState['verdict']): string {
  if (ln_e_t === null || ln_e_c === null) return `${counted(pairs.with_trades, 'pair')} with trades: no evidence yet.`;
  return `Evidence that there is a difference: ${odds(ln_e_t)} by the t test, ${odds(ln_e_c)} by the coin test. ${count(Math.round(1 / alpha))} to 1 by both decides.`;
}

/** Odds above this are shown as this. */
const MOST_ODDS = 1_000_000;

const odds = (ln: number): string => {
  const e = Math.exp(ln);
  if (e > MOST_ODDS) return `over ${count(MOST_ODDS)} to 1`;
  return `${e >= 10 ? count(Math.round(e)) : factor(e)} to 1`;
};
