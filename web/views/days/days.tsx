import { useMemo } from 'react';
import { percent, usd } from '../../../functions/formatting.ts';
import { longDay } from '../../../functions/summaries/days.ts';
import { api, type Schema } from '../../api/client.ts';
import type { paths } from '../../api/schema.ts';
import { Chart } from '../../charts/chart.tsx';
import { histogram, histogramWords } from '../../charts/histogram.ts';
import { hoursChart, hoursWords } from '../../charts/hours.ts';
import { Amount, Figure } from '../../parts/amount.tsx';
import { nameOf, useSnapshots } from '../../parts/names.ts';
import { Answered, Empty, Panel } from '../../parts/panel.tsx';
import { Picker } from '../../parts/picker.tsx';
import { change, hrefOf, useBot, useRoute } from '../../route.ts';
import { Calendar } from './calendar.tsx';
import { GroupTable } from './group-table.tsx';
import { useMonth } from './month.ts';

const weekdays: Readonly<Record<string, string>> = {
  ...{ 1: 'Monday', 2: 'Tuesday', 3: 'Wednesday', 4: 'Thursday', 5: 'Friday', 6: 'Saturday', 7: 'Sunday' },
};
/** Buy score relative to the target of its snapshot. */
const scores: Readonly<Record<string, string>> = {
  0: 'below the target',
  1: 'up to 0.5 above',
  2: '0.5 to 1 above',
  3: '1 to 2 above',
  4: 'more than 2 above',
};
const everySnapshot = { value: '', text: 'All' };

/** A month day by day, and the trades of the month or of one day in groups. */
export function Days() {
  const bot_id = useBot();
  const { params } = useRoute();
  const month = useMonth(bot_id, params);
  const snapshots = useSnapshots(bot_id);
  const [from, to] = params.day ? [params.day, params.day] : [month.first, month.last];
  const groups = api.useQuery('get', '/trades/groups', {
    params: { query: { bot_id, from, to, ...(params.snapshot && { snapshot_id: params.snapshot }) } },
  });
  return (
    <>
      <div className="toolbar">
        <Picker
          label="Snapshot"
          value={params.snapshot ?? ''}
          options={[everySnapshot, ...snapshots.map((each) => ({ value: each.snapshot_id, text: nameOf(each, 40) }))]}
          onPick={(id) => change({ snapshot: id || undefined })}
        />
        {params.day && (
          <button type="button" onClick={() => change({ day: undefined, month: from.slice(0, 7) })}>
            The whole month
          </button>
        )}
      </div>
      <div className="grid">
        <Calendar month={month} snapshot_id={params.snapshot} />
        <Answered of={groups}>
          {(answer) => <Groups groups={answer} title={titleOf(params.day, month.name)} />}
        </Answered>
      </div>
    </>
  );
}

const titleOf = (day: string | undefined, month: string): string => `Trades of ${day ? longDay(day) : month}`;

type Groups = paths['/trades/groups']['get']['responses'][200]['content']['application/json'];

function Groups({ groups, title }: { readonly groups: Groups; readonly title: string }) {
  const bot = useBot();
  const { params } = useRoute();
  const draw = useMemo(() => histogram(groups.by_pnl), [groups.by_pnl]);
  const { total } = groups;
  const to = (more: Record<string, string | undefined>) =>
    hrefOf('trades', { bot, snapshot: params.snapshot, day: params.day, ...more });
  const named = (group: Schema['TradeGroup'], link: (name: string) => string) =>
    group.name === null ? undefined : link(group.name);
  return (
    <>
      <Panel title={title}>
        {total ? (
          <>
            <dl className="figures">
              <Figure label="P&L" note={`${usd(total.expectancy_usd)} per trade`}>
                <Amount usd={total.total_pnl_usd} />
              </Figure>
              <Figure label="Trades">
                <a href={to({})}>{total.total_trades}</a>
              </Figure>
              <Figure label="Win rate">{percent(total.win_rate)}</Figure>
            </dl>
            <Chart draw={draw} label={histogramWords(groups.by_pnl)}>
              Trades by P&amp;L.
            </Chart>
          </>
        ) : (
          <Empty>No trade was closed.</Empty>
        )}
      </Panel>
      <GroupTable
        title="By symbol"
        groups={groups.by_symbol}
        hrefOf={(group) => named(group, (symbol) => to({ symbol }))}
      />
      <GroupTable
        title="By exit trigger"
        groups={groups.by_trigger}
        hrefOf={(group) => named(group, (trigger) => to({ trigger }))}
      />
      <Hours hours={groups.by_hour} />
      <GroupTable title="By weekday" groups={byName(groups.by_weekday)} nameOf={(name) => weekdays[name] ?? name} />
      <GroupTable title="By buy score" groups={byName(groups.by_score)} nameOf={(name) => scores[name] ?? name} />
      <GroupTable title="By indicators that fired" groups={byName(groups.by_indicator_count)} />
      <GroupTable title="By indicator" groups={groups.by_indicator} />
    </>
  );
}

function Hours({ hours }: { readonly hours: readonly Schema['TradeGroup'][] }) {
  const draw = useMemo(() => hoursChart(hours), [hours]);
  if (hours.length === 0) return null;
  return (
    <Panel title="By hour of closing">
      <Chart draw={draw} label={hoursWords(hours)} />
    </Panel>
  );
}

const byName = (groups: readonly Schema['TradeGroup'][]) =>
  groups.toSorted((a, b) => (a.name ?? '~').localeCompare(b.name ?? '~', 'en', { numeric: true }));
