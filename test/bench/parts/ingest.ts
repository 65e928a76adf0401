import { makeHistory } from '../history.ts';
import { type MarketFill, market, next } from '../market.ts';
import { measured, median, repeated, timed } from '../measure.ts';
import type { Part } from '../part.ts';
import { busyDay } from './summaries.ts';

const BATCH = 1000;
/** Warm-up batches: PGlite is WebAssembly, which is optimized while it runs. */
const WARM_UP = 10;
const START = '2026-01-01T00:00:00Z';

/** Measures batches of fills of a very busy bot, compared with plain inserts of the same rows, in alternation: on an empty database, and
 *  after years of history. Also measures the summary of the same day before and after that history. */
export const ingest: Part = async ({ call, sql, engine, quick, progress }) => {
  const history = quick ? 50_000 : engine === 'PGlite' ? 500_000 : 5_000_000;
  const rounds = quick ? 6 : 30;
  await call('POST', '/snapshots', { config: { rsi: 1 }, active_from: '2020-01-01T00:00:00Z' });
  // The product's table without its relations to other tables.
  await sql('CREATE TABLE bare_fills (LIKE fills INCLUDING ALL)');
  const stream = market({ seed: 1, from: START, perDay: 60_000 });
  const ours = (batch: readonly MarketFill[]) => timed(() => call('POST', '/fills', batch));
  const bare = (batch: readonly MarketFill[]) => timed(() => sql(bareInsert, { rows: JSON.stringify(batch) }));

  async function measure() {
    const [us, them]: [number[], number[]] = [[], []];
    for (let i = 0; i < rounds + WARM_UP; i++) {
      const batch = next(stream, BATCH);
      us.push(await ours(batch));
      them.push(await bare(batch));
    }
    const perSecond = (times: readonly number[]) => BATCH / (median(times.slice(WARM_UP)) / 1000);
    return { ours: perSecond(us), bare: perSecond(them) };
  }

  progress('batches of 1,000 fills into an empty database');
  const empty = await measure();
  const { summarise } = await busyDay({ call, sql, progress }, quick ? 6_000 : 60_000);
  const day = async () => median(await repeated(quick ? 3 : 7, () => timed(summarise)));
  const few = Number(await sql('SELECT count(*) FROM fills'));
  const dayAmongFew = await day();
  await makeHistory({ sql, progress }, { bot: 'default', fills: history, days: 730, until: START });
  progress('the same day after years of history');
  await summarise();
  const dayAmongMany = await day();
  const bytes = Number(
    await sql(
      "SELECT sum(pg_total_relation_size(name::regclass)) FROM unnest(ARRAY['books', 'fills', 'orders', 'trades']) AS name",
    ),
  );
  const stored = Number(await sql('SELECT count(*) FROM fills'));
  progress('batches of 1,000 fills after years of history');
  const full = await measure();
  const size = `${history.toLocaleString('en-US')} fills`;
  const against = (value: number) => ({ what: 'the same rows, inserted bare', value });
  return [
    measured('storage of a fill with its share of order, allocation, trade and indexes', bytes / stored, 'bytes', {
      target: { most: 600 },
    }),
    measured('ingest of fills, 1,000 a batch, empty database', empty.ours, 'rows/s', {
      against: against(empty.bare),
      target: { least: 0.5 },
    }),
    measured('ingest of fills, after years of history', full.ours, 'rows/s', {
      size,
      against: against(full.bare),
      target: { least: 0.5 },
    }),
    measured('ingest after years of history, as a share of the bare insert’s', full.ours / full.bare, 'of it', {
      size,
      against: { what: 'that share in an empty database', value: empty.ours / empty.bare },
      target: { least: 0.8 },
    }),
    measured('summary of the same day, after years of history', dayAmongMany, 'ms', {
      size,
      against: { what: `among ${few.toLocaleString('en-US')} fills`, value: dayAmongFew },
      target: { most: 1.2 },
    }),
  ];
};

const bareInsert = `INSERT INTO bare_fills (bot_id, fill_id, order_id, book_id, side, price, size, fee_usd, filled_at, placed_at, source)
  SELECT 'default', fill_id, order_id, 1, side, price, size, fee_usd, filled_at, placed_at, source
  FROM jsonb_to_recordset(:rows::jsonb) AS f (fill_id text, order_id text, symbol text, side text, price numeric, size numeric, fee_usd numeric,
    filled_at timestamptz, placed_at timestamptz, source text)
  ON CONFLICT DO NOTHING`;
