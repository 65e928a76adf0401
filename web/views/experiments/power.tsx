import { useQueries } from '@tanstack/react-query';
import { counted, usd } from '../../../functions/formatting.ts';
import { api } from '../../api/client.ts';
import { Head } from '../../parts/head.tsx';

/** Differences to plan for, as multiples of the smallest that matters. */
const MULTIPLES = [2, 4, 8, 16, 32];

/** How long a test takes for a small difference, and how short for a large one. */
export function Power({ bot_id, material }: { readonly bot_id: string; readonly material: number }) {
  const plans = useQueries({
    queries: MULTIPLES.map((multiple) =>
      api.queryOptions('get', '/experiments/plan', {
        params: { query: { bot_id, effect: String(multiple * material) } },
      }),
    ),
    combine: (answers) => answers.flatMap(({ data }) => (data && data.pairs !== null ? [data] : [])),
  });
  if (plans.length === 0) return null;
  const longest = Math.max(...plans.map(({ days }) => days ?? 0));
  return (
    <table className="groups">
      <Head columns={['To find, per trade', ['Days', 'number'], ['', 'bar-column']]} />
      <tbody>
        {plans.map(({ effect_usd, days, pairs }) => (
          <tr key={effect_usd}>
            <th scope="row">{usd(effect_usd)}</th>
            <td className="number">{days === null ? counted(pairs ?? 0, 'pair') : counted(days, 'day')}</td>
            <td className="bar-column" aria-hidden="true">
              <svg className="signed-bar" viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
                <rect className="rose" width={longest === 0 ? 0 : (days ?? 0) / longest} y="0.1" height="0.8" />
              </svg>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
