import type { ReactNode } from 'react';
import { counted } from '../../functions/formatting.ts';
import { firstSentence } from '../../functions/report/document/format.ts';
import type { Schema } from '../api/client.ts';

/** A verdict: what to do, why, and how many days are left. */
export function Decision({
  verdict: { kind, summary },
  next,
  children,
}: {
  readonly verdict: { readonly kind: string; readonly summary: string };
  readonly next?: Schema['Verdict']['next_step'] | undefined;
  readonly children?: ReactNode;
}) {
  const { text, more } = firstSentence(summary);
  const left = next && daysLeft(next);
  return (
    <div className={`decision ${kind}`}>
      <p className="headline">{text}</p>
      {left && <p className="left">{left}</p>}
      {more && <p>{more}</p>}
      {children && <div className="actions">{children}</div>}
    </div>
  );
}

/** The days until there is an end, in a few words. */
function daysLeft({ kind, days, test_days }: Schema['Verdict']['next_step']): string | null {
  switch (kind) {
    case 'wait':
      return days === null ? null : `About ${counted(days, 'day')} left`;
    case 'run_baseline':
      return days === null ? null : `About ${counted(days, 'day')} of the old settings left`;
    case 'test':
      return test_days === null ? null : `About ${counted(test_days, 'day')} by an alternating test`;
    case 'roll_back':
    case 'decide':
      return null;
  }
}
