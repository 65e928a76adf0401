import { useState } from 'react';
import { api, type Schema } from '../../api/client.ts';
import { Head } from '../../parts/head.tsx';
import { Answered, Panel } from '../../parts/panel.tsx';
import { Scroll } from '../../parts/scroll.tsx';
import { change, useRoute } from '../../route.ts';
import { BotCard } from './bot-card.tsx';
import { BotRow } from './bot-row.tsx';
import { Start } from './start.tsx';

/** Most bots in one list, and most that are shown in full below it. */
const PAGE = 50;
const MOST_CARDS = 3;

/** All bots on one screen, those with a decision first; the first ones, or the one in the address, in full. */
export function Overview() {
  const { params } = useRoute();
  const bots = api.useQuery('get', '/bots', {
    params: { query: { limit: PAGE, ...(params.cursor && { cursor: params.cursor }) } },
  });
  return (
    <Answered of={bots}>
      {({ bots: all, next_cursor }) =>
        all.length === 0 ? (
          <Panel title="Nothing is recorded yet" wide>
            <Start />
          </Panel>
        ) : (
          <Bots bots={all} next={next_cursor} />
        )
      }
    </Answered>
  );
}

/** Verdicts that ask for a decision come first. */
const urgency: Readonly<Record<string, number>> = { revert: 0, keep: 1, no_material_difference: 2 };

function Bots({ bots, next }: { readonly bots: readonly Schema['Bot'][]; readonly next: string | null }) {
  const { params } = useRoute();
  const [kinds, setKinds] = useState<Readonly<Record<string, string>>>({});
  const place = ({ bot_id }: Schema['Bot']) => urgency[kinds[bot_id] ?? ''] ?? 3;
  const ordered = bots.toSorted((a, b) => place(a) - place(b));
  const named = bots.filter(({ bot_id }) => bot_id === params.bot);
  const shown = named.length > 0 ? named : ordered.slice(0, MOST_CARDS);
  return (
    <>
      {(bots.length > 1 || next !== null) && (
        <Panel title="Bots" wide>
          <Scroll label="Bots, those with a decision first">
            <table className="bots">
              <Head
                columns={[
                  'Bot',
                  'What to do',
                  ['Settings', 'minor'],
                  ['Open', 'number minor'],
                  ['Linked', 'number minor'],
                  'Last fill',
                ]}
              />
              <tbody>
                {ordered.map((bot) => (
                  <BotRow
                    key={bot.bot_id}
                    bot={bot}
                    onKind={(kind) =>
                      setKinds((known) => (known[bot.bot_id] === kind ? known : { ...known, [bot.bot_id]: kind }))
                    }
                  />
                ))}
              </tbody>
            </table>
          </Scroll>
          <div className="actions">
            {params.cursor && (
              <button type="button" onClick={() => change({ cursor: undefined })}>
                First bots
              </button>
            )}
            {next !== null && (
              <button type="button" onClick={() => change({ cursor: next, bot: undefined })}>
                Further bots
              </button>
            )}
          </div>
        </Panel>
      )}
      {shown.map((bot) => (
        <BotCard key={bot.bot_id} bot={bot} />
      ))}
    </>
  );
}
