import { useState } from 'react';
import { csvOf } from '../../../functions/csv.ts';
import { counted } from '../../../functions/formatting.ts';
import { client, type Schema } from '../../api/client.ts';
import { Failure } from '../../parts/panel.tsx';
import { PAGE, type TradeQuery } from './trade-table.tsx';

/** A button that saves all trades of a filter as CSV, with the column names of the API. */
export function Download({ query }: { readonly query: TradeQuery }) {
  const [done, setDone] = useState<number | null>(null);
  const [error, setError] = useState<unknown>(null);
  const download = async () => {
    setError(null);
    try {
      const trades = await allTrades(query, setDone);
      save(csvOf(trades, Object.keys(trades[0] ?? {})), `trades-${query.bot_id}.csv`);
    } catch (reason) {
      setError(reason);
    }
    setDone(null);
  };
  return (
    <>
      <button type="button" disabled={done !== null} onClick={download}>
        {done === null ? 'Download CSV' : `${counted(done, 'trade')}…`}
      </button>
      {error !== null && <Failure error={error} />}
    </>
  );
}

async function allTrades(query: TradeQuery, onTrades: (done: number) => void): Promise<Schema['Trade'][]> {
  const trades: Schema['Trade'][] = [];
  let cursor: string | null | undefined;
  do {
    onTrades(trades.length);
    const { data, error } = await client.GET('/trades', {
      params: { query: { ...query, limit: PAGE, ...(cursor && { cursor }) } },
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
  URL.revokeObjectURL(url);
}
