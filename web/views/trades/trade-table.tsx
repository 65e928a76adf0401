import { useInfiniteQuery } from '@tanstack/react-query';
import { createColumnHelper, tableFeatures, useTable } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef } from 'react';
import { counted, duration, price, usd } from '../../../functions/formatting.ts';
import { plain } from '../../../functions/report/document/plain.ts';
import { client, type Schema } from '../../api/client.ts';
import { Amount } from '../../parts/amount.tsx';
import { nameIn, useSnapshots } from '../../parts/names.ts';
import { Answered, Empty } from '../../parts/panel.tsx';
import { Scroll } from '../../parts/scroll.tsx';
import { minuteOf, useTimeZone } from '../../parts/times.ts';
import { hrefOf, useBot, useRoute } from '../../route.ts';

type Trade = Schema['Trade'];

/** Trades per page of the API, its most. */
export const PAGE = 500;
/** The height of a row, in pixels. */
const ROW = 36;

export interface TradeQuery {
  readonly bot_id: string;
  readonly snapshot_id?: string;
  readonly symbol?: string;
  readonly side?: 'long' | 'short';
  readonly trigger_type?: string;
  readonly from?: string;
  readonly to?: string;
}

/** All trades of a filter: only the rows in view are drawn, and pages are asked for as they come into view. */
export function TradeTable({ query }: { readonly query: TradeQuery }) {
  const pages = useInfiniteQuery({
    queryKey: ['trades', query],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam, signal }) => {
      const { data, error } = await client.GET('/trades', {
        params: { query: { ...query, limit: PAGE, ...(pageParam && { cursor: pageParam }) } },
        signal,
      });
      if (error) throw error;
      return data;
    },
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
    // Only the first page can have news; asking again for all of them would not end.
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) > 1 ? false : 15_000),
  });
  const trades = useMemo(() => pages.data?.pages.flatMap((page) => page.trades) ?? [], [pages.data]);
  return (
    <Answered of={pages}>
      {() =>
        trades.length === 0 ? (
          <Empty>No closed trade matches.</Empty>
        ) : (
          <Rows trades={trades} more={pages.hasNextPage && !pages.isFetchingNextPage ? pages.fetchNextPage : null} />
        )
      }
    </Answered>
  );
}

const features = tableFeatures({});
const helper = createColumnHelper<typeof features, Trade>();
const columns = helper.columns([
  helper.accessor('closed_at', { header: 'Closed' }),
  helper.accessor('symbol', { header: 'Symbol' }),
  helper.accessor('side', { header: 'Side' }),
  helper.accessor('pnl_usd', { header: 'P&L' }),
  helper.accessor('cost_basis_usd', { header: 'Cost' }),
  helper.accessor('entry_price_usd', { header: 'Entry' }),
  helper.accessor('exit_price_usd', { header: 'Exit' }),
  helper.accessor('hold_seconds', { header: 'Held' }),
  helper.accessor('trigger_type', { header: 'Exit trigger' }),
  helper.accessor('entry_snapshot_id', { header: 'Entered under' }),
]);
const numeric = new Set(['pnl_usd', 'cost_basis_usd', 'entry_price_usd', 'exit_price_usd', 'hold_seconds']);

function Rows({ trades, more }: { readonly trades: readonly Trade[]; readonly more: (() => unknown) | null }) {
  const bot = useBot();
  const { params } = useRoute();
  const timeZone = useTimeZone();
  const snapshots = useSnapshots(bot);
  const data = useMemo(() => [...trades], [trades]);
  const table = useTable({ features, columns, data });
  const { rows } = table.getRowModel();
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 12,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && last >= rows.length - 40) more();
  }, [more, last, rows.length]);

  const cellOf = (name: string, trade: Trade) => {
    switch (name) {
      case 'closed_at':
        return (
          <a href={hrefOf('trades', { ...params, bot, trade: trade.trade_id })}>
            {minuteOf(trade.closed_at, timeZone)}
          </a>
        );
      case 'symbol':
        return plain(trade.symbol, 64);
      case 'side':
        return trade.side;
      case 'pnl_usd':
        return <Amount usd={trade.pnl_usd} />;
      case 'cost_basis_usd':
        return usd(trade.cost_basis_usd);
      case 'entry_price_usd':
        return price(trade.entry_price_usd);
      case 'exit_price_usd':
        return price(trade.exit_price_usd);
      case 'hold_seconds':
        return duration(trade.hold_seconds);
      case 'trigger_type':
        return plain(trade.trigger_type ?? '–', 30);
      default:
        return nameIn(snapshots, trade.entry_snapshot_id);
    }
  };
  const [first, end] = [items[0]?.start ?? 0, virtual.getTotalSize() - (items.at(-1)?.end ?? 0)];
  return (
    <>
      <p className="quiet" role="status">
        {counted(trades.length, 'trade')}
        {more ? ', more as you scroll' : ''}
      </p>
      <Scroll ref={scroller} size="tall" label="Closed trades, newest first">
        <table className="rows" aria-rowcount={rows.length + 1}>
          <thead>
            {table.getHeaderGroups().map((group) => (
              <tr key={group.id}>
                {group.headers.map((header) => (
                  <th key={header.id} scope="col" className={numeric.has(header.column.id) ? 'number' : ''}>
                    <table.FlexRender header={header} />
                  </th>
                ))}
              </tr>
            ))}
          </thead>
          <tbody>
            <Spacer height={first} />
            {items.map(({ index }) => {
              const row = rows[index];
              return (
                row && (
                  <tr
                    key={row.original.trade_id}
                    aria-rowindex={index + 2}
                    aria-current={row.original.trade_id === params.trade ? 'true' : undefined}
                  >
                    {row.getAllCells().map((cell) => (
                      <td key={cell.id} className={numeric.has(cell.column.id) ? 'number' : ''}>
                        {cellOf(cell.column.id, row.original)}
                      </td>
                    ))}
                  </tr>
                )
              );
            })}
            <Spacer height={end} />
          </tbody>
        </table>
      </Scroll>
    </>
  );
}

/** Room of the rows that are not drawn. */
const Spacer = ({ height }: { readonly height: number }) =>
  height <= 0 ? null : (
    <tr>
      <td colSpan={columns.length} style={{ height, padding: 0, border: 0 }} />
    </tr>
  );
