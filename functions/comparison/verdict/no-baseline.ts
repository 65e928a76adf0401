import { counted } from '../../formatting.ts';
import { type Arm, daysOf } from './arm.ts';
import type { Verdict } from './contract.ts';
import type { Day } from './day.ts';
import { daysToPass, shortfalls } from './gates.ts';
import { verdictOf } from './verdict.ts';

/** The verdict on a candidate without a baseline: there is nothing to compare yet. */
export function withoutBaseline(
  candidate: Arm,
  { through, hadOthers, settings }: { through: string; hadOthers: boolean; settings: { readonly material: number } },
): Verdict {
  const emptyArm: Arm = {
    snapshot_id: '',
    config_hash: '',
    notes: null,
    snapshot_ids: [],
    started_on: through,
    rows: [],
    open_cost_usd: 0,
  };
  const verdict = verdictOf({
    baseline: emptyArm,
    candidate,
    through,
    changed: [],
    share: 1,
    exploratory: false,
    material: settings.material,
  });
  const days = daysOf(candidate.rows).filter(({ date }) => date <= through);
  // As a baseline for the next change, it has to pass the gates of one.
  const wait = daysToPass({ baseline: days, candidate: days }, 'baseline');
  return {
    ...verdict,
    baseline: null,
    labels: [],
    label_notes: {},
    missing: [{ arm: 'baseline', what: 'snapshot', has: 0, needs: 1 }],
    next_step: { kind: wait === 0 ? 'decide' : 'wait', days: wait, test_days: null },
    summary: `Nothing to compare yet: ${days.length === 0 ? 'no trade has closed under these settings' : hadOthers ? 'no trade has closed under other settings before these' : 'these are the bot’s first settings'}. ${adviceOf(days, wait)}`,
  };
}

/** What to do so that there is a comparison. @param wait days until the configuration passes the gates; null: unknown */
function adviceOf(days: readonly Day[], wait: number | null): string {
  if (wait === 0) return 'Change one setting to start a comparison.';
  const lacking = shortfalls({ baseline: days, candidate: days }).filter(({ arm }) => arm === 'baseline');
  const first = lacking.filter(({ what }) => what === 'days' || what === 'trades');
  const goals = (first.length > 0 ? first : lacking)
    .map(({ what, has, needs }) => `${needs} ${plurals[what]} (now ${has})`)
    .join(' and ');
  const about = wait === null || days.length === 0 ? '' : `, in about ${counted(wait, 'more day')} with trades`;
  return `Leave them running until they have ${goals}${about}; then change one setting.`;
}

const plurals = {
  days: 'days with trades',
  trades: 'trades',
  winning_trades: 'winning trades',
  losing_trades: 'losing trades',
};
