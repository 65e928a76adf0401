import type { ReactNode } from 'react';

/** Something that was checked, and whether it needs attention. */
export const HealthItem = ({ ok, children }: { readonly ok: boolean; readonly children: ReactNode }) => (
  <li className={ok ? 'ok any' : 'not-ok any'}>
    <span aria-hidden="true">{ok ? '✓' : '!'}</span>
    <span className="unseen">{ok ? 'fine: ' : 'attention: '}</span>
    {children}
  </li>
);
