import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { reasonOf } from '../api/client.ts';

/** How old the figures in view are; a warning when the service is gone. */
export function Freshness() {
  const cache = useQueryClient().getQueryCache();
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((n) => n + 1), 1000);
    return () => clearInterval(timer);
  }, []);
  const active = cache.findAll({ type: 'active' });
  const failed = active.find(
    ({ state }) => state.fetchFailureCount > 0 && state.fetchFailureReason instanceof TypeError,
  );
  const locked = active.find(({ state }) => isLocked(state.error));
  if (locked) return <Gone text="The service was started again: open the address that the terminal printed." />;
  if (failed)
    return (
      <Gone text={`${sentence(reasonOf(failed.state.fetchFailureReason))} These figures are from its last answer.`} />
    );
  const oldest = Math.min(...active.map(({ state }) => state.dataUpdatedAt).filter((at) => at > 0));
  if (!Number.isFinite(oldest)) return null;
  const seconds = Math.max(0, Math.round((Date.now() - oldest) / 1000));
  return <p className="fresh">{seconds < 5 ? 'Up to date' : `Updated ${seconds} s ago`}</p>;
}

const isLocked = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'status' in error && error.status === 401;

const sentence = (reason: string): string => `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`;

function Gone({ text }: { readonly text: string }) {
  return (
    <p className="gone" role="alert">
      {text}
    </p>
  );
}
