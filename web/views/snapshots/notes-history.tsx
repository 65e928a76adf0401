import { api, type Schema } from '../../api/client.ts';
import { minuteOf, useTimeZone } from '../../parts/times.ts';

/** The notes as they were before they were edited. */
export function NotesHistory({ snapshot: { snapshot_id } }: { readonly snapshot: Schema['Snapshot'] }) {
  const timeZone = useTimeZone();
  const { data } = api.useQuery('get', '/snapshots/{snapshot_id}/notes', { params: { path: { snapshot_id } } });
  if (!data || data.edits.length === 0) return null;
  return (
    <details>
      <summary>Earlier notes</summary>
      <ul className="any">
        {data.edits.map(({ edited_at, edited_by, before }) => (
          <li key={edited_at}>
            Until {minuteOf(edited_at, timeZone)}
            {edited_by !== null && `, changed by ${edited_by}`}: {before ?? 'none'}
          </li>
        ))}
      </ul>
    </details>
  );
}
