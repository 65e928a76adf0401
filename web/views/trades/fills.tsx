import { useQueryClient } from '@tanstack/react-query';
import { api, client, type Schema } from '../../api/client.ts';
import { Act } from '../../parts/dialog.tsx';
import { Head } from '../../parts/head.tsx';
import { Scroll } from '../../parts/scroll.tsx';
import { dayOf, minuteOf, secondOf, useTimeZone } from '../../parts/times.ts';
import { CorrectFill } from './correct-fill.tsx';

/** The fills of a trade, each with its correction and what was corrected before. */
export function Fills({ trade }: { readonly trade: Schema['TradeDetail'] }) {
  const { bot_id, fills } = trade;
  const timeZone = useTimeZone();
  const queries = useQueryClient();
  /** Computes the day of the trade at once, so that no view shows the old figures. */
  const recompute = async () => {
    await client.POST('/summaries', { body: { bot_id, from: dayOf(trade.closed_at, timeZone) } });
    await queries.invalidateQueries();
  };
  return (
    <>
      <h3>Fills</h3>
      <Scroll label="Fills">
        <table>
          <Head
            columns={['Fill', 'Time', 'Side', ['Price', 'number'], ['Size', 'number'], ['Fee, USD', 'number'], '']}
          />
          <tbody>
            {fills.map((fill) => (
              <tr key={fill.fill_id}>
                <th scope="row" className="any">
                  {fill.fill_id}
                </th>
                <td>{secondOf(fill.filled_at, timeZone)}</td>
                <td>{fill.side}</td>
                <td className="number">{fill.price}</td>
                <td className="number">{fill.size}</td>
                <td className="number">{fill.fee_usd ?? 'not sent'}</td>
                <td>
                  <Act label="Correct">
                    {(close) => <CorrectFill bot_id={bot_id} fill={fill} onClose={close} onDone={recompute} />}
                  </Act>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {fills.map(({ fill_id }) => (
        <Trail key={fill_id} bot_id={bot_id} fill_id={fill_id} />
      ))}
      <Removed trade={trade} />
    </>
  );
}

/** The fills of its orders that a correction has removed. */
function Removed({ trade: { bot_id, orders } }: { readonly trade: Schema['TradeDetail'] }) {
  const timeZone = useTimeZone();
  const { data } = api.useQuery('get', '/fills/corrections', { params: { query: { bot_id, limit: 500 } } });
  const ids = orders.map(({ order_id }) => order_id);
  const removed =
    data?.corrections.filter(({ before, after }) => after === null && ids.includes(before.order_id)) ?? [];
  if (removed.length === 0) return null;
  return (
    <ul className="any">
      {removed.map(({ correction_id, fill_id, corrected_at, reason, before }) => (
        <li key={correction_id}>
          Removed on {minuteOf(corrected_at, timeZone)}: {fill_id}, {before.side} {before.size} at {before.price}:{' '}
          {reason}
        </li>
      ))}
    </ul>
  );
}

/** The corrections of a fill. */
function Trail({ bot_id, fill_id }: { readonly bot_id: string; readonly fill_id: string }) {
  const timeZone = useTimeZone();
  const { data } = api.useQuery('get', '/fills/corrections', { params: { query: { bot_id, fill_id } } });
  if (!data || data.corrections.length === 0) return null;
  return (
    <details>
      <summary className="any">Corrections of {fill_id}</summary>
      <ul className="any">
        {data.corrections.map(({ correction_id, corrected_at, reason, before, after }) => (
          <li key={correction_id}>
            {minuteOf(corrected_at, timeZone)}: {reason}. {after === null ? 'Removed' : differencesOf(before, after)}
          </li>
        ))}
      </ul>
    </details>
  );
}

function differencesOf(before: Schema['FillContent'], after: Schema['FillContent']): string {
  return Object.entries(before)
    .filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(Reflect.get(after, name)))
    .map(([name, value]) => `${name}: ${String(value)} → ${String(Reflect.get(after, name))}`)
    .join(', ');
}
