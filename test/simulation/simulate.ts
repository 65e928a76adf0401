import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { SingleBar } from 'cli-progress';
import * as z from 'zod';
import { failed } from '../../cli/failure.ts';
import { type DesignOutcome, designOutcome, markets, designs as testDesigns } from './designs.ts';
import { pageOf } from './page.ts';
import { randomOf, type SpreadName } from './random.ts';
import { realRuns, resampled } from './real-days.ts';
import { type Outcome, outcomeOf, tally, verdictsOf } from './runs.ts';
import type { World } from './world.ts';

const HELP = `npm run simulate: how often the verdict errs, and how soon it decides, on made and on real days.

  --histories N  histories a cell (400: about six minutes)
  --seed N       the same seed gives the same table (1)
  --write        writes the table to docs/simulation.md`;

const Options = z.object({
  histories: z.coerce.number('must be a whole number').int().min(1).max(100_000).default(400),
  seed: z.coerce.number('must be a whole number').int().min(0).max(1_000_000).default(1),
});

const designs = [
  { baselineDays: 14, tradesADay: 3, effects: [0.2, 0.3, 0.5] },
  { baselineDays: 14, tradesADay: 12, effects: [0.2, 0.3, 0.5] },
  { baselineDays: 30, tradesADay: 12, effects: [0.2, 0.3, 0.5] },
  { baselineDays: 30, tradesADay: 60, effects: [0.2, 0.3, 0.5] },
];
const shocks = [0, 0.3];
const shapes: readonly SpreadName[] = ['symmetric', 'skewed', 'heavy'];

try {
  const options = {
    help: { type: 'boolean', short: 'h' },
    histories: { type: 'string' },
    seed: { type: 'string' },
    write: { type: 'boolean' },
  } as const;
  const { values } = parseArgs({ options });
  if (values.help) console.log(HELP);
  else run(values);
} catch (error) {
  failed(error);
}

function run({
  write = false,
  ...given
}: {
  write?: boolean | undefined;
  histories?: string | undefined;
  seed?: string | undefined;
}): void {
  const parsed = Options.safeParse(given);
  if (!parsed.success)
    throw new Error(parsed.error.issues.map(({ path, message }) => `--${path.join('.')} ${message}`).join('\n'));
  const text = simulate(parsed.data.histories, parsed.data.seed);
  console.log(text);
  if (write) writeFileSync(new URL('../../docs/simulation.md', import.meta.url), text);
}

function simulate(histories: number, seed: number): string {
  const nulls: World[] = designs.flatMap((design) =>
    shocks.flatMap((dayShock) => shapes.map((spread) => ({ ...design, dayShock, spread, effect: 0 }))),
  );
  const effects: World[] = designs.flatMap((design) =>
    shocks.flatMap((dayShock) =>
      design.effects.map((effect) => ({ ...design, dayShock, spread: 'symmetric' as const, effect })),
    ),
  );
  const weak: World[] = [5, 12, 20, 30].map((tradesADay) => ({
    baselineDays: 30,
    tradesADay,
    dayShock: 0,
    spread: 'narrow',
    candidateSpread: 'rare wins',
    effect: 0,
  }));
  const worlds = [...nulls, ...effects, ...weak];
  const runs = realRuns() ?? [];

  const bar = new SingleBar({
    format: 'Simulating {bar} {percentage} %  {eta_formatted} left',
    noTTYOutput: true,
    notTTYSchedule: 15_000,
  });
  const cells = Object.values(markets)
    .flat()
    .flatMap((market) => Object.entries(testDesigns).map(([name, run]) => ({ market, name, run })));
  bar.start(worlds.length + runs.length + cells.length, 0);
  const outcomes = new Map<World, Outcome>();
  for (const world of worlds) {
    outcomes.set(world, outcomeOf(world, { histories, seed: seed * 1_000_000 }));
    bar.increment();
  }
  const real = runs.map((days, r) => {
    bar.increment();
    return tally(
      Array.from({ length: histories }, (_, i) =>
        verdictsOf(resampled(days, randomOf(seed * 1_000_000 + r * histories + i))),
      ),
    );
  });
  const tests = cells.map(({ market, name, run }, i) => {
    bar.increment();
    const outcome: DesignOutcome = designOutcome(run, market, { histories, seed: seed * 10_000_000 + i });
    return { market, name, ...outcome };
  });
  bar.stop();

  const of = (world: World): Outcome => outcomes.get(world) as Outcome;
  return pageOf({
    histories,
    seed,
    nulls: nulls.map((world) => [world, of(world)]),
    effects: effects.map((world) => [world, of(world)]),
    weak: weak.map((world) => [world, of(world)]),
    real,
    tests,
  });
}
