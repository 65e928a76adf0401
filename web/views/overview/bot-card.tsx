import { useMemo } from 'react';
import { count, counted, percent, usd } from '../../../functions/formatting.ts';
import { dayAfter } from '../../../functions/summaries/days.ts';
import { api, type Schema } from '../../api/client.ts';
import { Chart } from '../../charts/chart.tsx';
import { drawdownChart, equityChart, equityWords } from '../../charts/equity.ts';
import { Amount, Figure } from '../../parts/amount.tsx';
import { Decision } from '../../parts/decision.tsx';
import { nameOf, useSnapshots } from '../../parts/names.ts';
import { Answered, Empty, Panel } from '../../parts/panel.tsx';
import { dayOf, minuteOf, useTimeZone } from '../../parts/times.ts';
import { hrefOf } from '../../route.ts';
import { useDecision } from './decision-of.ts';
import { Health } from './health.tsx';

/** A bot: what to do, how it stands, how it got there. */
export function BotCard({ bot }: { readonly bot: Schema['Bot'] }) {
  const { bot_id } = bot;
  const timeZone = useTimeZone();
  const decision = useDecision(bot);
  const pnl = api.useQuery('get', '/summaries/pnl', { params: { query: { bot_id } } });
  const since = bot.active_from === null ? '' : `, since ${minuteOf(bot.active_from, timeZone)}`;
  return (
    <Panel
      wide
      title={bot_id}
      aside={
        <p className="quiet any">
          {bot.snapshot_id === null
            ? 'no settings yet'
            : `${nameOf({ snapshot_id: bot.snapshot_id, notes: bot.notes })}${since}`}
        </p>
      }
    >
      {decision === null && <Empty>No settings yet: post the first snapshot.</Empty>}
      {decision && (
        <Decision verdict={decision.verdict} next={decision.next}>
          {decision.experiment_id === undefined ? (
            <>
              <a className="button primary" href={hrefOf('compare', { bot: bot_id })}>
                Compare
              </a>
              <a className="button" href={hrefOf('experiments', { bot: bot_id })}>
                Test a change
              </a>
            </>
          ) : (
            <a
              className="button primary"
              href={hrefOf('experiments', { bot: bot_id, experiment: decision.experiment_id })}
            >
              See the test
            </a>
          )}
        </Decision>
      )}
      <Answered of={pnl}>{({ days }) => <Equity bot={bot} days={days} today={dayOf(Date.now(), timeZone)} />}</Answered>
      <Health bot={bot} />
    </Panel>
  );
}

function Equity({
  bot,
  days,
  today,
}: {
  readonly bot: Schema['Bot'];
  readonly days: readonly Schema['DailyPnl'][];
  readonly today: string;
}) {
  const { bot_id } = bot;
  const snapshots = useSnapshots(bot_id);
  const draw = useMemo(() => equityChart(days, snapshots), [days, snapshots]);
  const drawFall = useMemo(() => drawdownChart(days), [days]);
  const last = days.at(-1);
  return (
    <>
      <dl className="figures">
        <DayFigure label="Today" date={today} {...{ bot_id, days }} />
        <DayFigure label="Yesterday" date={dayAfter(today, -1)} {...{ bot_id, days }} />
        <Figure
          label={days[0] ? `Since ${days[0].date}` : 'In all'}
          note={last && `${usd(last.drawdown_usd)} below the highest point`}
        >
          <Amount usd={last?.cumulative_pnl_usd ?? null} />
        </Figure>
        <Figure label="Open positions" note={`${usd(bot.open_cost_usd)} invested`}>
          <a href={hrefOf('positions', { bot: bot_id })}>{count(bot.open_positions)}</a>{' '}
          {bot.open_positions > 0 && <Amount usd={bot.unrealised_pnl_usd} />}
        </Figure>
        <Figure label="Linked orders" note="of the last full day">
          {percent(bot.link_rate)}
        </Figure>
      </dl>
      {days.length > 1 ? (
        <>
          <Chart draw={draw} label={equityWords(days)}>
            Cumulative P&amp;L at the end of each day, with the period of each snapshot. Below it, the fall from its
            highest point, which may lie within a day.
          </Chart>
          <Chart draw={drawFall} label={`Fall from the peak: now ${usd(last?.drawdown_usd ?? null)}.`} />
        </>
      ) : (
        <Empty>The chart begins with the second day of trades.</Empty>
      )}
    </>
  );
}

/** A day as its summary has it. */
function DayFigure({
  label,
  date,
  bot_id,
  days,
}: {
  readonly label: string;
  readonly date: string;
  readonly bot_id: string;
  readonly days: readonly Schema['DailyPnl'][];
}) {
  const groups = api.useQuery('get', '/trades/groups', { params: { query: { bot_id, from: date } } });
  const total = groups.data?.total;
  const isStale = days.some((day) => day.date === date && day.stale);
  return (
    <Figure label={label} note={`${counted(total?.total_trades ?? 0, 'trade')}${isStale ? ', summary due' : ''}`}>
      <a href={hrefOf('days', { bot: bot_id, day: date })}>
        <Amount usd={groups.data ? (total?.total_pnl_usd ?? 0) : null} />
      </a>
    </Figure>
  );
}
