import { percent } from '../../../functions/formatting.ts';
import type { Schema } from '../../api/client.ts';
import { Panel } from '../../parts/panel.tsx';

/** What could be wrong with the test. The verdict's own notes come first. */
export function Checks({ experiment: { checks, verdict } }: { readonly experiment: Schema['Experiment'] }) {
  const { followed, voids, orders, held_after } = checks;
  const notes = Object.entries(verdict.label_notes);
  return (
    <Panel title="Is the test fair?">
      <ul className="health">
        {notes.map(([label, note]) => (
          <li key={label} className="not-ok any">
            <span aria-hidden="true">!</span> {note}
          </li>
        ))}
        <li className="ok">{percent(followed)} of trades were entered with the assigned settings</li>
        <li className="ok">
          {voids.pairs} void pairs, {voids.in_candidate} of them in a candidate’s block
        </li>
        {orders && (
          <li className="ok">
            {orders.candidate_first} of {orders.pairs} pairs began with the candidate
          </li>
        )}
        {held_after !== null && <li className="ok">{percent(held_after * 100)} of hold times lie after the block</li>}
      </ul>
    </Panel>
  );
}
