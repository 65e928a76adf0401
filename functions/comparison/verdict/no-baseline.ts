import { type Arm, daysOf } from './arm.ts';
import type { Verdict } from './contract.ts';
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
  const traded = daysOf(candidate.rows).length > 0;
  return {
    ...verdict,
    baseline: null,
    labels: [],
    label_notes: {},
    missing: [{ arm: 'baseline', what: 'snapshot', has: 0, needs: 1 }],
    summary: traded
      ? hadOthers
        ? 'Nothing to compare yet: no trade has closed under other settings before these.'
        : 'Nothing to compare yet: this is the first configuration. Change one setting to start a comparison.'
      : 'Nothing to compare yet: no trade has closed under this configuration.',
  };
}
