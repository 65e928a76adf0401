import { counted, usd } from '../../../functions/formatting.ts';
import { dayAfter, daysBetween } from '../../../functions/summaries/days.ts';
import { api, type Schema } from '../../api/client.ts';
import { signedUsd } from '../../parts/amount.tsx';
import { useSnapshots } from '../../parts/names.ts';
import { Answered, Panel } from '../../parts/panel.tsx';
import { dayOf, useTimeZone } from '../../parts/times.ts';
import { change, hrefOf, useBot, useRoute } from '../../route.ts';
import type { Month } from './month.ts';

const names = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** The days of a month as a calendar of P&L; a day opens its trades. */
export function Calendar({ month, snapshot_id }: { readonly month: Month; readonly snapshot_id: string | undefined }) {
  const bot_id = useBot();
  const pnl = api.useQuery('get', '/summaries/pnl', {
    params: { query: { bot_id, from: month.first, to: month.last } },
  });
  const showMonth = (name: string) => change({ month: name, day: undefined });
  return (
    <Panel
      title={month.name}
      aside={
        <span className="actions">
          <button type="button" aria-label="The month before" onClick={() => showMonth(month.before)}>
            ‹
          </button>
          <button type="button" aria-label="The month after" onClick={() => showMonth(month.after)}>
            ›
          </button>
        </span>
      }
    >
      <Answered of={pnl}>
        {({ days }) => (
          <Weeks month={month} days={days.filter((day) => !snapshot_id || day.snapshot_id === snapshot_id)} />
        )}
      </Answered>
    </Panel>
  );
}

interface DayTotal {
  readonly total_pnl_usd: number;
  readonly total_trades: number;
  readonly stale: boolean;
}

function Weeks({ month, days }: { readonly month: Month; readonly days: readonly Schema['DailyPnl'][] }) {
  const { params } = useRoute();
  const bot = useBot();
  const today = dayOf(Date.now(), useTimeZone());
  const first = useSnapshots(bot).at(-1)?.active_from.slice(0, 10);
  const totals = totalsOf(days);
  const strongest = Math.max(0.01, ...[...totals.values()].map(({ total_pnl_usd }) => Math.abs(total_pnl_usd)));
  const offset = (new Date(`${month.first}T00:00:00Z`).getUTCDay() + 6) % 7;
  const dates = Array.from({ length: daysBetween(month.first, month.last) }, (_, i) => dayAfter(month.first, i));
  const cells = [...Array<null>(offset).fill(null), ...dates];
  const weeks = Array.from({ length: Math.ceil(cells.length / 7) }, (_, i) => cells.slice(7 * i, 7 * i + 7));
  return (
    <table className="calendar">
      <thead>
        <tr>
          {names.map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeks.map((week) => (
          <tr key={week.find((date) => date !== null)}>
            {week.map((date, i) =>
              date === null ? (
                <td key={names[i]} />
              ) : (
                <Day
                  key={date}
                  date={date}
                  total={totals.get(date)}
                  isDue={date <= today && !totals.has(date) && (first === undefined || date >= first)}
                  strongest={strongest}
                  isOpen={date === params.day}
                  href={hrefOf('days', { ...params, bot, month: undefined, day: date })}
                />
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Adds up the snapshots of each day. */
function totalsOf(days: readonly Schema['DailyPnl'][]): ReadonlyMap<string, DayTotal> {
  const totals = new Map<string, DayTotal>();
  for (const { date, total_pnl_usd, total_trades, stale } of days) {
    const known = totals.get(date);
    totals.set(date, {
      total_pnl_usd: total_pnl_usd + (known?.total_pnl_usd ?? 0),
      total_trades: total_trades + (known?.total_trades ?? 0),
      stale: stale || (known?.stale ?? false),
    });
  }
  return totals;
}

/** Shades of a day, by its share of the month's largest. */
const SHADES = 4;

function Day({
  date,
  total,
  isDue,
  strongest,
  isOpen,
  href,
}: {
  readonly date: string;
  readonly total: DayTotal | undefined;
  /** Whether it should have a summary, and has none yet. */
  readonly isDue: boolean;
  readonly strongest: number;
  readonly isOpen: boolean;
  readonly href: string;
}) {
  const number = Number(date.slice(8));
  if (!total || total.total_trades === 0)
    return (
      <td>
        <span className="date">
          {number}
          {isDue && <span className="due">no summary yet</span>}
        </span>
      </td>
    );
  const { total_pnl_usd, total_trades, stale } = total;
  const shade = Math.max(1, Math.ceil((SHADES * Math.abs(total_pnl_usd)) / strongest));
  return (
    <td className={`${total_pnl_usd < 0 ? 'fell' : 'rose'} shade-${shade}`}>
      <a
        href={href}
        aria-current={isOpen ? 'date' : undefined}
        title={`${date}: ${usd(total_pnl_usd)} of ${counted(total_trades, 'trade')}${stale ? ', due for recomputation' : ''}`}
      >
        <span className="date">{number}</span>
        <span className="pnl">{signedUsd(total_pnl_usd)}</span>
        <span className="trades">
          {total_trades}
          {stale && '*'}
        </span>
      </a>
    </td>
  );
}
