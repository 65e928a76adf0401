import { type Experiment, startExperiment } from '../../functions/experiments/contract.ts';
import { orderOf } from '../../functions/experiments/schedule/coin.ts';
import { saveSnapshot } from '../../functions/snapshots/contract.ts';
import { summariseDays } from '../../functions/summaries/contract.ts';
import { recordFills } from '../../functions/trades/contract.ts';
import { type Api, apiBy } from '../service/api.ts';
import type { Send } from '../service/send.ts';

const DAY_MS = 86_400_000;
const PAIRS = 12;
const TRADES_PER_BLOCK = 5;

/** The bot of the alternating test: its own, so that the fortnight's figures stay. */
const BOT = 'alternating';

/** Fixed, so that the demo prints the same verdict every day. A test of one's own gets its seed from the service. */
const SEED = '5eed5eed5eed5eed5eed5eed5eed5eed';

const arms = {
  baseline: { config: { indicator_weights: { rsi: 2.5 }, min_indicators_required: 0 }, notes: 'RSI weight 2.5' },
  candidate: {
    config: { indicator_weights: { rsi: 1.5 }, min_indicators_required: 2 },
    notes: 'RSI weight 1.5, at least two indicators',
  },
} as const;
type ArmName = keyof typeof arms;

/** Plays the test of the fortnight as it should have been made: in each of twelve pairs of days a coin decides which settings come first. */
export async function playAlternatingTest(send: Send, today: number): Promise<Experiment> {
  const api = apiBy(send);
  const begin = today - 2 * PAIRS * DAY_MS;
  const blocks = Array.from({ length: PAIRS }, (_, i) => blocksOf(i + 1)).flat();
  const ids: string[] = [];
  for (const [i, arm] of blocks.entries()) {
    const active_from = new Date(begin + i * DAY_MS).toISOString();
    const { body } = await api(saveSnapshot, { body: { bot_id: BOT, ...arms[arm], active_from, created_by: 'demo' } });
    ids.push(body.snapshot_id);
  }
  await api(recordFills, { body: blocks.flatMap((arm, i) => fillsOf(arm, i, begin + i * DAY_MS)) });
  const [from, to] = [begin, today - DAY_MS].map((at) => new Date(at).toISOString().slice(0, 10)) as [string, string];
  await api(summariseDays, { body: { bot_id: BOT, from, to } });
  return start(api, { from, baseline: ids[blocks.indexOf('baseline')] });
}

const blocksOf = (pair: number): readonly ArmName[] =>
  orderOf(SEED, BOT, pair) === 'baseline_first' ? ['baseline', 'candidate'] : ['candidate', 'baseline'];

async function start(
  api: Api,
  { from, baseline }: { from: string; baseline: string | undefined },
): Promise<Experiment> {
  const { body } = await api(startExperiment, {
    body: {
      ...{ bot_id: BOT, design: 'switchback' as const, baseline, candidate: arms.candidate },
      ...{ imported: true, seed: SEED, starts_on: from, length: '1d' as const, most_days: 2 * PAIRS },
    },
  });
  return body;
}

/** Trades of a block, an hour apart and held for half an hour: they vary by $3 either way, and the candidate earns $0.45 more. */
function fillsOf(arm: ArmName, block: number, midnight: number) {
  const at = (minutes: number) => new Date(midnight + minutes * 60_000).toISOString();
  return Array.from({ length: TRADES_PER_BLOCK }, (_, n) => {
    const cents = (((block * TRADES_PER_BLOCK + n) * 37) % 61) * 10 - 300 + (arm === 'candidate' ? 45 : 0);
    const fill = { bot_id: BOT, symbol: 'BTC-USD', size: '1', fee_usd: '0' };
    const id = `${block}-${n}`;
    return [
      {
        ...fill,
        fill_id: `${id}-buy`,
        order_id: `${id}-buy`,
        side: 'buy' as const,
        price: '100',
        filled_at: at(60 * n),
      },
      {
        ...{ ...fill, fill_id: `${id}-sell`, order_id: `${id}-sell`, side: 'sell' as const },
        ...{ price: (100 + cents / 100).toFixed(2), filled_at: at(60 * n + 30) },
      },
    ];
  }).flat();
}
