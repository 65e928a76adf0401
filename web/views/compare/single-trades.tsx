import { usd } from '../../../functions/formatting.ts';
import type { Schema } from '../../api/client.ts';
import { Amount } from '../../parts/amount.tsx';
import { Head } from '../../parts/head.tsx';
import { Empty, Panel } from '../../parts/panel.tsx';

const names = { baseline: 'old', candidate: 'new' } as const;

/** P&L per trade without the best and the worst trade of each. */
export function SingleTrades({
  verdict: { without, expectancy, label_notes },
}: {
  readonly verdict: Schema['Verdict'];
}) {
  return (
    <Panel title="Does one trade decide?">
      {without.length === 0 ? (
        <Empty>Both settings need trades first.</Empty>
      ) : (
        <table>
          <Head
            columns={['P&L per trade', ['Baseline', 'number'], ['Candidate', 'number'], ['Difference', 'number']]}
          />
          <tbody>
            <tr>
              <th scope="row">all trades</th>
              <td className="number">{usd(expectancy.baseline)}</td>
              <td className="number">{usd(expectancy.candidate)}</td>
              <td className="number">
                <Amount usd={expectancy.difference} />
              </td>
            </tr>
            {without.map(({ arm, trade, trade_pnl_usd, baseline, candidate, difference }) => (
              <tr key={`${arm} ${trade}`}>
                <th scope="row">
                  without the {names[arm]} settings’ {trade} ({usd(trade_pnl_usd)})
                </th>
                <td className="number">{usd(baseline)}</td>
                <td className="number">{usd(candidate)}</td>
                <td className="number">
                  <Amount usd={difference} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p>
        {label_notes.one_trade ?? (without.length > 0 ? 'No single trade decides which settings look better.' : '')}
      </p>
    </Panel>
  );
}
