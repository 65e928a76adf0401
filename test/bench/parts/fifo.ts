import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as z from 'zod';
import { rematch } from '../../../functions/trades/matching/rematch.ts';
import type { FillRow } from '../../../functions/trades/matching/state.ts';
import { randomFrom } from '../../support/matching.ts';
import { measured, median, type Row } from '../measure.ts';

const run = promisify(execFile);
const folder = fileURLToPath(new URL('../fifo/', import.meta.url));

/** Fills of one book: more buys than sells, all of whole sizes. */
const FILLS = 4000;
const ROUNDS = 15;
const WARM_UP = 10;

/** Measures matching alone, in memory, with costs and proceeds of each piece: ours, and the FIFO of beancount and rp2 on the same fills. Left
 *  out where Python cannot install them. */
export async function fifo({ progress }: { progress: (what: string) => void }): Promise<Row[]> {
  progress('FIFO of beancount and rp2');
  const fills = makeFills();
  const peers = await peerSeconds(fills);
  if (peers === null) {
    progress('beancount and rp2 cannot be installed: left out');
    return [];
  }
  const seconds: number[] = [];
  for (let i = 0; i < WARM_UP + ROUNDS; i++) {
    const began = performance.now();
    rematch({ symbol: 'BTC-USD', position_side: 'long', position_id: '' }, undefined, {
      ...{ added: fills, removed: [], previous: [] },
    });
    seconds.push((performance.now() - began) / 1000);
  }
  const ours = FILLS / median(seconds.slice(WARM_UP));
  return (['beancount', 'rp2'] as const).map((name) => ({
    ...measured(`fills matched in memory, against ${name}`, ours, 'fills/s', {
      against: { what: `FIFO of ${name} on the same fills`, value: FILLS / peers[name] },
      target: { least: 20 },
    }),
    engine: null,
  }));
}

function makeFills(): FillRow[] {
  const random = randomFrom(1);
  let held = 0;
  return Array.from({ length: FILLS }, (_, i) => {
    const side = held < 5 || random(2) === 0 ? 'buy' : 'sell';
    const size = side === 'buy' ? 1 + random(5) : Math.min(1 + random(5), held);
    held += side === 'buy' ? size : -size;
    const id = String(i).padStart(6, '0');
    return {
      ...{ fill_id: id, order_id: id, symbol: 'BTC-USD', position_side: 'long', position_id: '', side },
      ...{ price: (100 + random(1000) / 100).toFixed(2), size: String(size), net_size: null, fee_usd: null },
      ...{ fee_amount: null, fee_currency: null, quote_usd: null, price_usd: null, placed_at: null },
      ...{ client_order_id: null, source: null },
      filled_at: `${new Date(Date.UTC(2026, 0, 1) + i * 300_000).toISOString().slice(0, 19)}.000000Z`,
    };
  });
}

const Peers = z.object({ beancount: z.number(), rp2: z.number() });

/** Seconds that each takes; null where they cannot be installed. */
async function peerSeconds(fills: readonly FillRow[]): Promise<z.output<typeof Peers> | null> {
  const directory = await mkdtemp(join(tmpdir(), 'fifo-'));
  try {
    const python = join(directory, 'bin', 'python');
    try {
      await run('python3', ['-m', 'venv', directory]);
      await run(python, ['-m', 'pip', 'install', '--quiet', '--requirement', join(folder, 'requirements.txt')]);
    } catch {
      return null;
    }
    const timing = spawn(python, [join(folder, 'peers.py')], { stdio: ['pipe', 'pipe', 'inherit'] });
    timing.stdin.end(
      fills
        .map(({ side, price, size, filled_at }) =>
          JSON.stringify({ side, price, size, filled_at: filled_at.replace('.000000', '') }),
        )
        .join('\n'),
    );
    const chunks: Buffer[] = [];
    timing.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    const [code] = await once(timing, 'close');
    if (code !== 0) throw new Error(`peers.py ended with ${code}`);
    return Peers.parse(JSON.parse(Buffer.concat(chunks).toString()));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
