import { dayAfter } from '../../../functions/summaries/days.ts';
import { makeHistory } from '../history.ts';
import { measured, timed } from '../measure.ts';
import type { Part } from '../part.ts';

const FIRST_DAY = '2026-06-01';
/** One in ten bots trades, and one in ten of these as much as the busiest. */
const FILLS = { usual: 60, busy: 1000 };

/** Measures nights with few and with many bots, most of them idle: with a new day to summarise, and with nothing to do. */
export const nights: Part = async ({ call, sql, quick, progress }) => {
  const [few, many] = quick ? [100, 1000] : [1000, 10_000];
  let bots = 0;
  let day = FIRST_DAY;

  /** Adds bots with a snapshot up to this many. */
  async function grow(to: number): Promise<void> {
    const added = `generate_series(${bots + 1}, ${to}) AS i`;
    await sql(`INSERT INTO bots (bot_id) SELECT 'bot-' || i FROM ${added}`);
    await sql(`INSERT INTO strategy_snapshots (bot_id, active_from, config_hash, config)
               SELECT 'bot-' || i, '${FIRST_DAY}', repeat('0', 64), '{}' FROM ${added}`);
    bots = to;
  }

  /** Lets a tenth of the bots trade on the next day. */
  async function trade(): Promise<void> {
    day = dayAfter(day);
    for (let i = 10; i <= bots; i += 10) {
      if (i % 500 === 0) progress(`trades of the day ${day}: ${Math.round((i / bots) * 100)} %`);
      const fills = i % 100 === 0 ? FILLS.busy : FILLS.usual;
      const until = `${dayAfter(day)}T01:00:00Z`;
      await makeHistory(
        { sql, progress: () => {} },
        { bot: `bot-${i}`, fills, days: 1, until, name: day, analyze: i + 10 > bots },
      );
    }
  }

  const night = () => timed(() => call('POST', `/_local/schedules/daily-summary?at=${dayAfter(day)}T00:05:00Z`));

  /** Milliseconds per bot of a night with a new day, and of one with nothing to do. */
  async function measure(): Promise<{ newDay: number; idle: number }> {
    await night();
    await trade();
    progress(`nights of ${bots.toLocaleString('en-US')} bots`);
    const newDay = (await night()) / bots;
    const idle = Math.min(await night(), await night()) / bots;
    return { newDay, idle };
  }

  await grow(few);
  const withFew = await measure();
  await grow(many);
  const withMany = await measure();
  const size = `${many.toLocaleString('en-US')} bots, a tenth of them active`;
  const against = (value: number) => ({ what: `with ${few.toLocaleString('en-US')} bots`, value });
  return [
    measured('a night with nothing to do, per bot', withMany.idle, 'ms', { size, target: { most: 5 } }),
    measured('the same, as the number of bots grows', withMany.idle, 'ms', {
      size,
      against: against(withFew.idle),
      target: { most: 1.3 },
    }),
    measured('a night with a new day, per bot', withMany.newDay, 'ms', {
      size,
      against: against(withFew.newDay),
      target: { most: 1.3 },
    }),
  ];
};
