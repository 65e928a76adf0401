import type { Schema } from '../../api/client.ts';
import { Amount } from '../../parts/amount.tsx';
import { Head } from '../../parts/head.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Scroll } from '../../parts/scroll.tsx';

type Pair = Schema['ExperimentPair'];

/** Pairs ahead that are shown. */
const AHEAD = 3;

/** The pairs that have begun, and the next few. What comes further ahead is planned but of no use yet. */
export function pairsInSight(pairs: readonly Pair[], now: number): readonly Pair[] {
  const begun = pairs.filter(({ blocks }) => blocks.some(({ from }) => Date.parse(from) <= now)).length;
  return pairs.slice(0, begun + AHEAD);
}

/** The pairs in sight, newest first. */
export function Pairs({ pairs: all }: { readonly pairs: readonly Pair[] }) {
  const pairs = pairsInSight(all, Date.now());
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
      {all.length > pairs.length && <p className="quiet">{all.length - pairs.length} further pairs are planned.</p>}
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
