import { counted, shortId, usd } from '../../../functions/formatting.ts';
import { api, type Schema } from '../../api/client.ts';
import { Amount } from '../../parts/amount.tsx';
import { nameIn, nameOf } from '../../parts/names.ts';
import { Answered, Empty } from '../../parts/panel.tsx';
import { minuteOf, useTimeZone } from '../../parts/times.ts';
import { hrefOf, useBot, useRoute } from '../../route.ts';
import { SnapshotDetail } from './snapshot-detail.tsx';

/** The timeline of a bot's settings, and one of them opened. */
export function Snapshots() {
  const bot_id = useBot();
  const { params } = useRoute();
  const list = api.useQuery('get', '/snapshots', { params: { query: { bot_id, limit: 500 } } });
  const comparison = api.useQuery('get', '/comparison', { params: { query: { bot_id, limit: 500 } } });
  const figures = new Map(comparison.data?.strategies.map((each) => [each.snapshot_id, each]));
  return (
    <Answered of={list}>
      {({ snapshots }) => {
        if (snapshots.length === 0) return <Empty>No snapshot yet: the bot has posted no settings.</Empty>;
        const opened = snapshots.find(({ snapshot_id }) => snapshot_id === params.snapshot) ?? snapshots[0];
        return (
          <div className="split">
            <ol className="timeline" aria-label="Snapshots, newest first">
              {snapshots.map((snapshot) => (
                <Item
                  key={snapshot.snapshot_id}
                  snapshot={snapshot}
                  snapshots={snapshots}
                  figures={figures.get(snapshot.snapshot_id)}
                  isOpen={snapshot === opened}
                />
              ))}
            </ol>
            {opened && <SnapshotDetail key={opened.snapshot_id} snapshot={opened} snapshots={snapshots} />}
          </div>
        );
      }}
    </Answered>
  );
}

function Item({
  snapshot,
  snapshots,
  figures,
  isOpen,
}: {
  readonly snapshot: Schema['Snapshot'];
  readonly snapshots: readonly Schema['Snapshot'][];
  readonly figures: Schema['Strategy'] | undefined;
  readonly isOpen: boolean;
}) {
  const timeZone = useTimeZone();
  const { snapshot_id, active_from, active_until, rollback_of } = snapshot;
  return (
    <li className={active_until === null ? 'active' : ''}>
      <a
        className="any"
        href={hrefOf('snapshots', { bot: snapshot.bot_id, snapshot: snapshot_id })}
        aria-current={isOpen ? 'true' : undefined}
      >
        <b>{nameOf(snapshot)}</b>
        <small>
          {minuteOf(active_from, timeZone)} – {active_until === null ? 'now' : minuteOf(active_until, timeZone)} ·{' '}
          {shortId(snapshot_id)}
          {rollback_of !== null && <> · back to {nameIn(snapshots, rollback_of)}</>}
        </small>
        {figures && (
          <small>
            {counted(figures.days_active, 'day')}, {counted(figures.total_trades, 'trade')},{' '}
            <Amount usd={figures.total_pnl} />, {usd(figures.avg_expectancy)} per trade
          </small>
        )}
      </a>
    </li>
  );
}
