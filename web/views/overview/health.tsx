import { counted, percent } from '../../../functions/formatting.ts';
import { dayAfter } from '../../../functions/summaries/days.ts';
import { thresholds } from '../../../functions/thresholds.ts';
import { api, type Schema } from '../../api/client.ts';
import { HealthItem } from '../../parts/health-item.tsx';
import { ago, dayOf, minuteOf, useTimeZone } from '../../parts/times.ts';
import { hrefOf } from '../../route.ts';

/** What could be wrong with the data of a bot: one item each, with a mark that says which need attention. */
export function Health({ bot }: { readonly bot: Schema['Bot'] }) {
  const timeZone = useTimeZone();
  const { bot_id } = bot;
  const { data: coverage } = api.useQuery('get', '/coverage', { params: { query: { bot_id, hours: 24 } } });
  const { data: pnl } = api.useQuery('get', '/summaries/pnl', { params: { query: { bot_id } } });
  const yesterday = dayAfter(dayOf(Date.now(), timeZone), -1);
  const stale = new Set(pnl?.days.flatMap(({ date, stale: isStale }) => (isStale ? [date] : []))).size;
  const {
    last_filled_at,
    last_summarised_day,
    link_rate,
    reconciled_trades,
    agreed_trades,
    lost_records,
    waiting_records,
  } = bot;
  return (
    <ul className="health" aria-label={`Health of ${bot_id}`}>
      <HealthItem ok={last_filled_at !== null}>
        {last_filled_at === null ? (
          'No fill yet'
        ) : (
          <span title={minuteOf(last_filled_at, timeZone)}>Last fill {ago(last_filled_at)}</span>
        )}
      </HealthItem>
      <HealthItem ok={last_summarised_day !== null && last_summarised_day >= yesterday}>
        {last_summarised_day === null
          ? 'No day is summarised yet'
          : last_summarised_day >= yesterday
            ? `Summarised through ${last_summarised_day}`
            : `Summarised only through ${last_summarised_day}: the nights since then did not run`}
      </HealthItem>
      <HealthItem ok={link_rate === null || link_rate >= thresholds.poorly_linked.link_rate}>
        {link_rate === null ? 'No orders on the last full day' : `${percent(link_rate)} of orders linked`}
      </HealthItem>
      {stale > 0 && <HealthItem ok={false}>{counted(stale, 'day')} due for recomputation</HealthItem>}
      {coverage && (
        <HealthItem ok={coverage.drift.length === 0}>
          {coverage.drift.length === 0 ? (
            'Trades with its snapshot’s settings'
          ) : (
            <a href={hrefOf('snapshots', { bot: bot_id })}>
              {counted(coverage.drift.length, 'setting')} differ from its snapshot
            </a>
          )}
        </HealthItem>
      )}
      {coverage && coverage.fills_without_fee > 0 && (
        <HealthItem ok={false}>{counted(coverage.fills_without_fee, 'fill')} without a fee</HealthItem>
      )}
      {reconciled_trades !== null && agreed_trades !== null && (
        <HealthItem ok={agreed_trades === reconciled_trades}>
          {agreed_trades} of {counted(reconciled_trades, 'trade')} agree with the bot’s own records
        </HealthItem>
      )}
      {lost_records !== null && lost_records > 0 && (
        <HealthItem ok={false}>
          {counted(lost_records, 'record')} of its client refused, damaged or without room
        </HealthItem>
      )}
      {waiting_records !== null && waiting_records > 0 && (
        <HealthItem ok>{counted(waiting_records, 'record')} wait in its outbox</HealthItem>
      )}
    </ul>
  );
}
