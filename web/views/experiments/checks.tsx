import { percent } from '../../../functions/formatting.ts';
import type { Schema } from '../../api/client.ts';
import { HealthItem } from '../../parts/health-item.tsx';
import { Panel } from '../../parts/panel.tsx';

/** What could be wrong with the test. The verdict's own notes come first. */
export function Checks({ experiment: { checks, verdict } }: { readonly experiment: Schema['Experiment'] }) {
  const { followed, voids, orders, held_after } = checks;
  const notes = Object.entries(verdict.label_notes);
  return (
    <Panel title="Is the test fair?">
      <ul className="health">
        {notes.map(([label, note]) => (
          <HealthItem key={label} ok={false}>
            {note}
          </HealthItem>
        ))}
        {followed !== null && (
          <HealthItem ok>{percent(followed)} of trades were entered with the assigned settings</HealthItem>
        )}
        <HealthItem ok>
          {voids.pairs} void pairs, {voids.in_candidate} of them in a candidate’s block
        </HealthItem>
        {orders && (
          <HealthItem ok>
            {orders.candidate_first} of {orders.pairs} pairs began with the candidate
          </HealthItem>
        )}
        {held_after !== null && (
          <HealthItem ok>{percent(held_after * 100)} of hold times lie after the block</HealthItem>
        )}
      </ul>
    </Panel>
  );
}
