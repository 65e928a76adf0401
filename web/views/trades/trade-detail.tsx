import { duration, price, usd } from '../../../functions/formatting.ts';
import { plain } from '../../../functions/report/document/plain.ts';
import { api, type Schema } from '../../api/client.ts';
import { Amount, Figure } from '../../parts/amount.tsx';
import { Head } from '../../parts/head.tsx';
import { nameOf } from '../../parts/names.ts';
import { Answered, Panel } from '../../parts/panel.tsx';
import { Scroll } from '../../parts/scroll.tsx';
import { secondOf, useTimeZone } from '../../parts/times.ts';
import { change, hrefOf } from '../../route.ts';
import { Fills } from './fills.tsx';
import { Signals } from './signals.tsx';

/** A trade: how its P&L is made, its fills, its signals and the settings of its entry and its exit. */
export function TradeDetail({ trade_id }: { readonly trade_id: string }) {
  const trade = api.useQuery('get', '/trades/{trade_id}', { params: { path: { trade_id } } });
  return (
    <Panel
      title="Trade"
      aside={
        <button type="button" onClick={() => change({ trade: undefined })}>
          Close
        </button>
      }
    >
      <Answered of={trade}>{(detail) => <Detail trade={detail} />}</Answered>
    </Panel>
  );
}

function Detail({ trade }: { readonly trade: Schema['TradeDetail'] }) {
  const timeZone = useTimeZone();
  const { symbol, side, attribution } = trade;
  return (
    <>
      <dl className="figures">
        <Figure label={`${plain(symbol, 64)}, ${side}`} note={attributions[attribution]}>
          <Amount usd={trade.pnl_usd} />
        </Figure>
        <Figure label="Opened" note={`at ${price(trade.entry_price_usd)}`}>
          {secondOf(trade.opened_at, timeZone)}
        </Figure>
        <Figure label="Closed" note={`at ${price(trade.exit_price_usd)}`}>
          {secondOf(trade.closed_at, timeZone)}
        </Figure>
        <Figure label="Held" note={trade.exit_reason === null ? undefined : plain(trade.exit_reason, 80)}>
          {duration(trade.hold_seconds)}
        </Figure>
      </dl>
      <Settings trade={trade} />
      <Made trade={trade} />
      <Fills trade={trade} />
      <Signals links={trade.links} />
    </>
  );
}

const attributions: Readonly<Record<Schema['Trade']['attribution'], string>> = {
  link: 'linked by the bot',
  time: 'attributed by its time',
  none: 'before the first snapshot',
  manual: 'made by hand: in no strategy',
};

/** The snapshots that opened and closed it. */
function Settings({
  trade: { snapshots, entry_snapshot_id, exit_snapshot_id, bot_id },
}: {
  readonly trade: Schema['TradeDetail'];
}) {
  const linkTo = (id: string | null) => {
    const found = snapshots.find(({ snapshot_id }) => snapshot_id === id);
    return found ? (
      <a href={hrefOf('snapshots', { bot: bot_id, snapshot: found.snapshot_id })}>{nameOf(found)}</a>
    ) : (
      'no snapshot'
    );
  };
  return (
    <p className="any">
      Entered under {linkTo(entry_snapshot_id)}
      {exit_snapshot_id === entry_snapshot_id ? (
        ', and closed under the same settings.'
      ) : (
        <>, closed under {linkTo(exit_snapshot_id)}.</>
      )}
    </p>
  );
}

/** Each piece of a closing fill with the piece of the opening fill that it closed; their P&L adds up to that of the trade. */
function Made({ trade: { allocations, pnl_usd } }: { readonly trade: Schema['TradeDetail'] }) {
  return (
    <>
      <h3>How its P&amp;L is made</h3>
      <Scroll label="How its P&L is made">
        <table>
          <Head
            columns={[
              'Opening fill',
              'Closing fill',
              ['Size', 'number'],
              ['Received, less fees', 'number'],
              ['Paid, with fees', 'number'],
              ['P&L', 'number'],
            ]}
          />
          <tbody>
            {allocations.map((piece) => (
              <tr key={`${piece.opening_fill_id} ${piece.closing_fill_id}`}>
                <td className="any">{piece.opening_fill_id}</td>
                <td className="any">{piece.closing_fill_id}</td>
                <td className="number">{piece.size}</td>
                <td className="number">{usd(Number(piece.net_proceeds_usd))}</td>
                <td className="number">{usd(Number(piece.cost_basis_usd))}</td>
                <td className="number">
                  <Amount usd={Number(piece.pnl_usd)} />
                </td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row" colSpan={5}>
                Together
              </th>
              <td className="number">
                <Amount usd={pnl_usd} />
              </td>
            </tr>
          </tfoot>
        </table>
      </Scroll>
    </>
  );
}
