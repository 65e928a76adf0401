import { useEffect, useRef, useState } from 'react';
import { csvOf } from '../../../functions/csv.ts';
import { counted } from '../../../functions/formatting.ts';
import { client, type Schema } from '../../api/client.ts';
import { Failure } from '../../parts/panel.tsx';
import { PAGE, type TradeQuery } from './trade-table.tsx';

/** A button that saves all trades of a filter as CSV, with the column names of the API. Leaving the view, or its filter, ends it. */
export function Download({ query }: { readonly query: TradeQuery }) {
  const [done, setDone] = useState<number | null>(null);
  const [error, setError] = useState<unknown>(null);
  const running = useRef<AbortController>(null);
  useEffect(() => () => running.current?.abort(), []);
  const download = async () => {
    running.current = new AbortController();
    const { signal } = running.current;
    setError(null);
    try {
      const trades = await allTrades(query, { signal, onTrades: setDone });
      if (trades[0] === undefined) throw { detail: 'No closed trade matches.' };
      save(csvOf(trades, Object.keys(trades[0])), `trades-${query.bot_id}.csv`);
    } catch (reason) {
      if (!signal.aborted) setError(reason);
    }
    setDone(null);
  };
  return (
    <>
      <button type="button" disabled={done !== null} onClick={download}>
        {done === null ? 'Download CSV' : done === 0 ? 'Reading…' : `${counted(done, 'trade')}…`}
      </button>
      {error !== null && <Failure error={error} />}
    </>
  );
}

async function allTrades(
  query: TradeQuery,
  { signal, onTrades }: { readonly signal: AbortSignal; readonly onTrades: (done: number) => void },
): Promise<Schema['Trade'][]> {
  const trades: Schema['Trade'][] = [];
  let cursor: string | null | undefined;
  do {
    onTrades(trades.length);
    const { data, error } = await client.GET('/trades', {
      params: { query: { ...query, limit: PAGE, ...(cursor && { cursor }) } },
      signal,
    });
    if (error) throw error;
    trades.push(...data.trades);
    cursor = data.next_cursor;
  } while (cursor);
  return trades;
}

function save(text: string, name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  // Some browsers read it a moment later.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
