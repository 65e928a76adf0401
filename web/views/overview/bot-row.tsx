import { useEffect } from 'react';
import { count, percent } from '../../../functions/formatting.ts';
import { firstSentence, nameOf } from '../../../functions/report/document/format.ts';
import type { Schema } from '../../api/client.ts';
import { Amount } from '../../parts/amount.tsx';
import { ago } from '../../parts/times.ts';
import { hrefOf } from '../../route.ts';
import { useDecision } from './decision-of.ts';

/** A bot in one line. Reports the kind of its verdict, by which the list is ordered. */
export function BotRow({ bot, onKind }: { readonly bot: Schema['Bot']; readonly onKind: (kind: string) => void }) {
  const decision = useDecision(bot);
  const kind = decision?.verdict.kind;
  useEffect(() => {
    if (kind) onKind(kind);
  }, [kind, onKind]);
  const { bot_id, snapshot_id, notes, open_positions, unrealised_pnl_usd, link_rate, last_filled_at } = bot;
  return (
    <tr>
      <th scope="row" className="any">
        <a href={hrefOf('overview', { bot: bot_id })}>{bot_id}</a>
      </th>
      <td className="any">
        {decision ? firstSentence(decision.verdict.summary).text : decision === null ? 'Post its first settings' : '…'}
      </td>
      <td className="any minor">{snapshot_id === null ? '–' : nameOf({ snapshot_id, notes }, 40)}</td>
      <td className="number minor">
        {count(open_positions)} {open_positions > 0 && <Amount usd={unrealised_pnl_usd} />}
      </td>
      <td className="number minor">{percent(link_rate)}</td>
      <td>{last_filled_at === null ? 'none' : ago(last_filled_at)}</td>
    </tr>
  );
}
