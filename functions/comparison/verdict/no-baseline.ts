import { type Arm, daysOf } from './arm.ts';
import type { Verdict } from './contract.ts';
import { verdictOf } from './verdict.ts';

/** The verdict on a strategy that nothing stands beside: there is nothing to compare yet. */
export function alone(
  candidate: Arm,
  { through, settings }: { through: string; settings: { readonly material: number } },
): Verdict {
  const nobody: Arm = {
    snapshot_id: '',
    config_hash: '',
    notes: null,
    snapshot_ids: [],
    started_on: through,
    rows: [],
    open_cost_usd: 0,
  };
  const verdict = verdictOf({
    baseline: nobody,
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
      ? 'Nothing to compare yet: this is the first configuration. Change one setting, and the comparison begins.'
      : 'Nothing to compare yet: no trades have been closed under this configuration.',
  };
}
