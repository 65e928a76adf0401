import { counted, usd } from '../../formatting.ts';
import { shortDay } from '../../summaries/days.ts';
import type { Experiment } from '../contract.ts';
import type { ExperimentVerdict } from './contract.ts';

type Figures = Omit<ExperimentVerdict, 'summary'>;

/** Writes the verdict in plain words; the first sentence says what to do. It speaks of the market of the days of the test. */
export function summaryOf(verdict: Figures, status: Experiment['status']): string {
  const isOver = status === 'ended' || status === 'stopped';
  const goOn =
    status === 'paused' ? 'resume it' : status === 'scheduled' ? 'it has not begun' : 'keep the test running';
  switch (verdict.kind) {
    case 'keep':
      return `Keep the new settings: in the market of these days they earned more, decided on ${dayOf(verdict)}. As of now ${standing(verdict)}. Make them active: save them as a snapshot.`;
    case 'revert':
      return `Keep the old settings: in the market of these days the new ones earned less, decided on ${dayOf(verdict)}. As of now ${standing(verdict)}.`;
    case 'no_material_difference':
      return `No difference that matters: choose for other reasons. ${capitalised(standing(verdict))}.`;
    case 'keep_running':
      return isOver
        ? `The test ended without a decision: ${standing(verdict)}. ${wouldHaveTaken(verdict)}`
        : `${capitalised(goOn)}: not enough evidence yet. ${timeLeft(verdict)} So far ${standing(verdict)}.`;
    case 'not_enough_data':
      return isOver
        ? `The test ended too early to say anything. ${lacking(verdict)}`
        : `Too early to say: ${goOn}. ${lacking(verdict)}${verdict.needed ? ` ${timeLeft(verdict)}` : ''}`;
  }
}

const dayOf = ({ decided_on }: Figures): string => (decided_on === null ? 'an earlier day' : shortDay(decided_on));

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function standing({ expectancy: { difference, lower, upper } }: Figures): string {
  const more = `the new settings earned ${usd(Math.abs(difference ?? 0))} ${(difference ?? 0) < 0 ? 'less' : 'more'} per trade`;
  return lower === null || upper === null
    ? `${more}, which could be luck`
    : `${more} (likely range ${usd(lower)} to ${usd(upper)})`;
}

function timeLeft({ needed }: Figures): string {
  if (!needed)
    return 'A difference as small as this one will not be decided within a century: stop, or test a larger change.';
  const pairs = counted(needed.pairs, 'more pair');
  return needed.days === null
    ? `A verdict needs about ${pairs}.`
    : `A verdict needs about ${counted(needed.days, 'more day')} (${pairs}).`;
}

/** What a test that is over lacked for a decision. */
function wouldHaveTaken({ needed }: Figures): string {
  if (!needed) return 'A difference as small as this one is not decided within a century: test a larger change.';
  const pairs = counted(needed.pairs, 'more pair');
  return `A decision would have taken about ${needed.days === null ? pairs : `${counted(needed.days, 'more day')} (${pairs})`}: run a longer test, or test a larger change.`;
}

const names = {
  pairs: 'pairs with trades',
  trades: 'trades',
  winning_trades: 'winning trades',
  losing_trades: 'losing trades',
  followed: '% of trades entered with the assigned settings',
  variance: 'pairs that differ',
};
const owners = { both: 'There are', baseline: 'The old settings have', candidate: 'The new settings have' };

/** @example 'There are 3 of 7 pairs with trades. The new settings have 12 of 30 trades.' */
const lacking = ({ missing }: Figures): string =>
  (['both', 'baseline', 'candidate'] as const)
    .flatMap((arm) => {
      const of = missing.filter((each) => each.arm === arm);
      return of.length === 0
        ? []
        : [
            `${owners[arm]} ${of.map(({ what, has, needs }) => `${Math.floor(has)} of ${needs} ${names[what]}`).join(', ')}.`,
          ];
    })
    .join(' ');
