import type { Schema } from '../../api/client.ts';

/** What the bot said of its orders. */
export function Signals({ links }: { readonly links: readonly Schema['TradeLink'][] }) {
  if (links.length === 0) return <p className="quiet">The bot has sent no signal for these orders.</p>;
  return (
    <>
      <h3>Signals</h3>
      <ul className="any">
        {links.map((link) => (
          <li key={link.order_id ?? link.client_order_id}>
            Order {link.order_id ?? link.client_order_id}: {link.trigger_type ?? 'no trigger'}
            {link.buy_score !== null && `, buy score ${link.buy_score}`}
            {link.sell_score !== null && `, sell score ${link.sell_score}`}
            {link.indicators_fired !== null && `, ${link.indicators_fired} indicators`}
            {link.indicator_breakdown !== null && (
              <details>
                <summary>Indicators</summary>
                <pre>{JSON.stringify(link.indicator_breakdown, null, 2)}</pre>
              </details>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}
