import { counted, price, usd } from '../../../functions/formatting.ts';
import { plain } from '../../../functions/report/document/plain.ts';
import { api } from '../../api/client.ts';
import { Amount } from '../../parts/amount.tsx';
import { Head } from '../../parts/head.tsx';
import { nameIn, useSnapshots } from '../../parts/names.ts';
import { Answered, Empty, Panel } from '../../parts/panel.tsx';
import { Scroll } from '../../parts/scroll.tsx';
import { ago, minuteOf, useTimeZone } from '../../parts/times.ts';
import { hrefOf, useBot, useRoute } from '../../route.ts';

/** What is open, at the latest price of each symbol. */
export function Positions() {
  const bot_id = useBot();
  const { params } = useRoute();
  const timeZone = useTimeZone();
  const snapshots = useSnapshots(bot_id);
  const positions = api.useQuery('get', '/positions', {
    params: { query: { bot_id, limit: 500, ...(params.symbol && { symbol: params.symbol }) } },
  });
  return (
    <Answered of={positions}>
      {({ positions: all, next_cursor }) => (
        <Panel title="Open positions" wide>
          {all.length === 0 ? (
            <Empty>Nothing is open.</Empty>
          ) : (
            <Scroll label="Open positions, oldest first">
              <table>
                <Head
                  columns={[
                    'Symbol',
                    'Side',
                    'Since',
                    ['Size', 'number'],
                    ['Entry', 'number'],
                    ['Price', 'number'],
                    ['Cost', 'number'],
                    ['Unrealised', 'number'],
                    'Entered under',
                  ]}
                />
                <tbody>
                  {all.map((position) => (
                    <tr
                      key={`${position.symbol} ${position.position_id} ${position.entry_snapshot_id} ${position.side}`}
                    >
                      <th scope="row" className="any">
                        <a href={hrefOf('trades', { bot: bot_id, symbol: position.symbol })}>
                          {plain(position.symbol, 64)}
                        </a>
                        {position.position_id !== null && <small> {plain(position.position_id, 30)}</small>}
                        {position.dust && <small> dust</small>}
                      </th>
                      <td>{position.side}</td>
                      <td title={minuteOf(position.opened_at, timeZone)}>{ago(position.opened_at)}</td>
                      <td className="number">{position.size}</td>
                      <td className="number">{price(position.entry_price_usd)}</td>
                      <td className="number" title={minuteOf(position.marked_at, timeZone)}>
                        {price(position.mark_price_usd)}
                      </td>
                      <td className="number">{usd(position.cost_usd)}</td>
                      <td className="number">
                        <Amount usd={position.unrealised_pnl_usd} />
                      </td>
                      <td className="any">{nameIn(snapshots, position.entry_snapshot_id)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </Scroll>
          )}
          <p className="quiet">
            {counted(all.length, 'position')}
            {next_cursor !== null && ', and more'}, each at the price of the symbol’s latest fill.
          </p>
        </Panel>
      )}
    </Answered>
  );
}
