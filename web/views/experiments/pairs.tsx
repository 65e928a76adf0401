import type { Schema } from '../../api/client.ts';
import { Amount } from '../../parts/amount.tsx';
import { Head } from '../../parts/head.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Scroll } from '../../parts/scroll.tsx';

type Pair = Schema['ExperimentPair'];

/** Every pair, newest first. */
export function Pairs({ pairs }: { readonly pairs: readonly Pair[] }) {
  if (pairs.length === 0) return null;
  return (
    <Panel title="Pairs">
      <Scroll size="medium" label="Pairs, newest first">
        <table>
          <Head columns={['Pair', 'First', ['Baseline', 'number'], ['Candidate', 'number'], 'State']} />
          <tbody>
            {pairs.toReversed().map((pair) => (
              <tr key={pair.pair}>
                <th scope="row">{pair.pair}</th>
                <td>
                  {pair.order === null ? 'both at once' : pair.order === 'baseline_first' ? 'baseline' : 'candidate'}
                </td>
                <Side pair={pair} arm="baseline" />
                <Side pair={pair} arm="candidate" />
                <td className="any">
                  {pair.void
                    ? `void${pair.void.reason === null ? '' : `: ${pair.void.reason}`}`
                    : pair.settled
                      ? 'settled'
                      : `settles ${pair.settles_on}`}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </Panel>
  );
}

function Side({ pair: { blocks }, arm }: { readonly pair: Pair; readonly arm: 'baseline' | 'candidate' }) {
  const block = blocks.find((each) => each.arm === arm);
  return (
    <td className="number">
      {block && (
        <>
          <Amount usd={block.pnl_usd} /> <small className="quiet">{block.trades}</small>
        </>
      )}
    </td>
  );
}
