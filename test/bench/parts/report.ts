import { Logger } from '@aws-lambda-powertools/logger';
import { recordsOf } from '../../../cli/demo/records.ts';
import { drawTrades } from '../../../cli/demo/trades.ts';
import { DailyReport, WeeklyReview } from '../../../functions/report/contract.ts';
import { mailOf } from '../../../functions/report/delivery/mail.ts';
import { cpuOf, measured, median, repeated, timed } from '../measure.ts';
import type { Part } from '../part.ts';

const DAY_MS = 86_400_000;
const YEAR = 365;
const STRATEGIES = 10;
const BATCH = 300;

const dayOf = (n: number): string => new Date(Date.parse('2025-01-01') + n * DAY_MS).toISOString();

/** Measures the report of a year with ten strategies: the time to read its data, and the CPU time to write, draw and compose it. */
export const report: Part = async ({ call, quick, progress }) => {
  const perDay = quick ? 2 : 20;
  for (let s = 0; s < STRATEGIES; s++) {
    progress(`a year of trades, strategy ${s + 1} of ${STRATEGIES}`);
    const [first, last] = [Math.round((s * YEAR) / STRATEGIES), Math.round(((s + 1) * YEAR) / STRATEGIES)];
    await call('POST', '/snapshots', { config: { rsi: s / 10 }, notes: `RSI ${s / 10}`, active_from: dayOf(first) });
    const count = perDay * (last - first);
    const trades = drawTrades({
      seed: s + 1,
      days: last - first,
      winning: { trades: Math.round(count * 0.3), pnl: 3000 * count },
      losing: { trades: count - Math.round(count * 0.3), pnl: 2800 * count },
      fastExits: Math.round(count / 50),
    });
    const records = trades.map((trade, i) => recordsOf(trade, `${s}-${i}`, Date.parse(dayOf(first + trade.day))));
    for (let i = 0; i < records.length; i += BATCH) {
      const batch = records.slice(i, i + BATCH);
      await call(
        'POST',
        '/fills',
        batch.flatMap(({ fills }) => fills),
      );
      const links = batch.flatMap(({ links }) => links);
      for (let l = 0; l < links.length; l += 500) await call('POST', '/trade-links', links.slice(l, l + 500));
    }
  }
  progress('the year’s summaries');
  await call('POST', '/summaries', { from: dayOf(0).slice(0, 10), to: dayOf(YEAR - 1).slice(0, 10) });

  const rows = [];
  const one = await timed(() => call('GET', '/health/database'));
  for (const [kind, schema] of [
    ['daily', DailyReport],
    ['weekly', WeeklyReview],
  ] as const) {
    progress(`the ${kind} report`);
    const read = () => call('GET', `/report?kind=${kind}&format=json&date=${dayOf(YEAR - 1).slice(0, 10)}`);
    const made = schema.parse(await read());
    rows.push(
      measured(
        `${kind} report of a year, 10 strategies: read`,
        median(await repeated(quick ? 2 : 5, () => timed(read))),
        'ms',
        {
          against: { what: 'GET /health/database', value: one },
        },
      ),
    );
    const settings = { sender: 'reports@example.com', replyTo: 'reports@example.com', at: dayOf(YEAR), list_id: '' };
    const write = async () => (await mailOf(made, settings, new Logger()))('owner@example.com');
    const cold = await cpuOf(write);
    rows.push(
      measured(`${kind} report of a year: written, drawn and packed, first time in a process`, cold, 'ms CPU'),
      measured(
        `${kind} report of a year: written, drawn and packed`,
        median(await repeated(quick ? 2 : 5, () => cpuOf(write))),
        'ms CPU',
        { target: { most: 1000 } },
      ),
    );
  }
  return rows;
};
