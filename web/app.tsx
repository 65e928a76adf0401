import { type ComponentType, useEffect } from 'react';
import { api, useSession } from './api/client.ts';
import { Boundary } from './parts/boundary.tsx';
import { Freshness } from './parts/freshness.tsx';
import { Empty } from './parts/panel.tsx';
import { Picker } from './parts/picker.tsx';
import { useTimeZone } from './parts/times.ts';
import { change, hrefOf, useRoute, type View, views } from './route.ts';
import { Compare } from './views/compare/compare.tsx';
import { Days } from './views/days/days.tsx';
import { Experiments } from './views/experiments/experiments.tsx';
import { Overview } from './views/overview/overview.tsx';
import { Reports } from './views/reports/reports.tsx';
import { Snapshots } from './views/snapshots/snapshots.tsx';
import { Positions } from './views/trades/positions.tsx';
import { Trades } from './views/trades/trades.tsx';

const titles: Readonly<Record<View, string>> = {
  overview: 'Overview',
  compare: 'Compare',
  experiments: 'Experiments',
  snapshots: 'Snapshots',
  trades: 'Trades',
  positions: 'Positions',
  days: 'Days',
  reports: 'Reports',
};

const components: Readonly<Record<View, ComponentType>> = {
  overview: Overview,
  compare: Compare,
  experiments: Experiments,
  snapshots: Snapshots,
  trades: Trades,
  positions: Positions,
  days: Days,
  reports: Reports,
};

export function App() {
  const { view, params } = useRoute();
  const session = useSession();
  const Shown = components[view];
  const timeZone = useTimeZone();
  const { data: bots } = useBots();
  const isKnown =
    params.bot === undefined || (bots?.bots ?? [{ bot_id: params.bot }]).some(({ bot_id }) => bot_id === params.bot);
  useEffect(() => {
    document.title = `${titles[view]} · Strategy snapshots`;
  }, [view]);
  return (
    <>
      <button type="button" className="skip" onClick={() => document.getElementById('main')?.focus()}>
        Skip to the content
      </button>
      <header className="top">
        <p className="brand">
          Strategy snapshots{' '}
          <small>
            {session?.place}, times in {timeZone}
          </small>
        </p>
        <nav aria-label="Views">
          {views.map((each) => (
            <a key={each} href={hrefOf(each, { bot: params.bot })} aria-current={each === view ? 'page' : undefined}>
              {titles[each]}
            </a>
          ))}
        </nav>
        {view !== 'overview' && <BotPicker />}
        <Freshness />
      </header>
      <main id="main" tabIndex={-1}>
        <h1>{titles[view]}</h1>
        <Boundary view={location.hash}>
          {isKnown ? <Shown key={params.bot ?? ''} /> : <Empty>There is no bot {params.bot}.</Empty>}
        </Boundary>
      </main>
    </>
  );
}

const useBots = () => api.useQuery('get', '/bots', { params: { query: { limit: 500 } } });

/** Changes the bot; what belongs to the other bot leaves the address. */
function BotPicker() {
  const { view, params } = useRoute();
  const { data } = useBots();
  const bots = data?.bots.map(({ bot_id }) => bot_id) ?? [];
  const bot = params.bot ?? 'default';
  if (bots.length < 2 && bots.includes(bot)) return null;
  // Only a report may be of all bots.
  const every = view === 'reports' ? [{ value: '', text: 'All bots' }] : [];
  const all = bots.includes(bot) ? bots : [bot, ...bots];
  const forget = Object.fromEntries(Object.keys(params).map((name) => [name, undefined]));
  return (
    <Picker
      label="Bot"
      value={view === 'reports' ? (params.bot ?? '') : bot}
      options={[...every, ...all.map((id) => ({ value: id, text: id }))]}
      onPick={(id) => change({ ...forget, bot: id || undefined })}
    />
  );
}
