import { percent, usd } from '../../../functions/formatting.ts';
import { plain } from '../../../functions/report/document/plain.ts';
import type { Schema } from '../../api/client.ts';
import { Amount } from '../../parts/amount.tsx';
import { Head } from '../../parts/head.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Scroll } from '../../parts/scroll.tsx';

type Group = Schema['TradeGroup'];

/** Trades with something in common, with a bar for the P&L of each; nothing when there is only one group. */
export function GroupTable({
  title,
  groups,
  nameOf = (name) => plain(name, 40),
  hrefOf = () => undefined,
}: {
  readonly title: string;
  readonly groups: readonly Group[];
  readonly nameOf?: (name: string) => string;
  readonly hrefOf?: (group: Group) => string | undefined;
}) {
  if (groups.every(({ name }) => name === null)) return null;
  const most = Math.max(...groups.map(({ total_pnl_usd }) => Math.abs(total_pnl_usd)), 1e-9);
  return (
    <Panel title={title}>
      <Scroll label={title}>
        <table className="groups">
          <Head
            columns={[
              title.replace('By ', ''),
              ['Trades', 'number'],
              ['Win rate', 'number'],
              ['Per trade', 'number'],
              ['P&L', 'number'],
              ['', 'bar-column'],
            ]}
          />
          <tbody>
            {groups.map((group) => {
              const href = hrefOf(group);
              const name =
                group.name === null ? (group.groups > 1 ? `${group.groups} others` : 'not given') : nameOf(group.name);
              return (
                <tr key={group.name ?? `${group.groups}`}>
                  <th scope="row" className="any">
                    {href ? <a href={href}>{name}</a> : name}
                  </th>
                  <td className="number">{group.total_trades}</td>
                  <td className="number">{percent(group.win_rate)}</td>
                  <td className="number">{usd(group.expectancy_usd)}</td>
                  <td className="number">
                    <Amount usd={group.total_pnl_usd} />
                  </td>
                  <td className="bar-column" aria-hidden="true">
                    <SignedBar share={group.total_pnl_usd / most} />
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </Scroll>
    </Panel>
  );
}

/** A bar to the right of the middle for a gain, to the left for a loss. */
const SignedBar = ({ share }: { readonly share: number }) => (
  <svg className="signed-bar" viewBox="-1 0 2 1" preserveAspectRatio="none" aria-hidden="true">
    <rect className={share < 0 ? 'fell' : 'rose'} x={Math.min(0, share)} width={Math.abs(share)} y="0.1" height="0.8" />
    <line x1="0" x2="0" y1="0" y2="1" />
  </svg>
);
