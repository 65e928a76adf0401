import { distinguishedFrom, factor, percent, usd } from '../../../functions/formatting.ts';
import type { Schema } from '../../api/client.ts';
import { Head } from '../../parts/head.tsx';
import { Empty, Panel } from '../../parts/panel.tsx';

const formats: Readonly<Record<string, (value: number | null) => string>> = {
  'win rate': percent,
  'profit factor': factor,
  expectancy: usd,
  'fast exits': percent,
};

/** The goals of the candidate, over all periods of its settings. */
export function Targets({ targets }: { readonly targets: readonly Schema['Target'][] }) {
  return (
    <Panel title="Targets of the candidate">
      {targets.length > 0 ? (
        <table>
          <Head columns={['Target', ['Now', 'number'], 'Met?']} />
          <tbody>
            {targets.map(({ name, target, value, limit, met }) => (
              <tr key={name}>
                <th scope="row">
                  {name} <span className="quiet">{target}</span>
                </th>
                <td className="number">{distinguishedFrom(limit, value, formats[name] ?? usd)}</td>
                <td>{met === null ? <span className="quiet">not yet</span> : met ? '✓ met' : '✗ missed'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : (
        <Empty>No figures yet.</Empty>
      )}
      <p className="quiet">A target describes the result. Only the interval says whether it could be luck.</p>
    </Panel>
  );
}
