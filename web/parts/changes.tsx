import { settingOf } from '../../functions/report/document/plain.ts';
import type { Schema } from '../api/client.ts';
import { Head } from './head.tsx';
import { Empty } from './panel.tsx';
import { Scroll } from './scroll.tsx';

/** The settings that differ, and only those. */
export function Changes({
  changes,
  before,
  after,
}: {
  readonly changes: readonly Schema['Change'][];
  readonly before: string;
  readonly after: string;
}) {
  if (changes.length === 0) return <Empty>No setting differs.</Empty>;
  return (
    <Scroll label="Settings that differ">
      <table>
        <Head columns={['Setting', before, after]} />
        <tbody>
          {changes.map(({ path, before: old, after: now }) => (
            <tr key={path}>
              <th scope="row" className="any">
                {path.slice(1).replaceAll('/', ' › ')}
              </th>
              <td className="any">{settingOf(old ?? null)}</td>
              <td className="any">
                <b>{settingOf(now ?? null)}</b>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
