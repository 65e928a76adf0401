/** How much the checks of this folder do: little in `npm test`, all of it in `npm run prove`. */
interface Sizes {
  /** Seeds of the histories; each makes another one. */
  readonly seeds: readonly number[];
  readonly days: number;
  readonly ordersADay: number;
  readonly saves: number;
  readonly clients: number;
  /** How long a test may take, in milliseconds. */
  readonly timeout: number;
  readonly crashes: number;
  /** Hostile requests to each operation. */
  readonly inputs: number;
  readonly everyNthString: number;
  /** Reports of bots with naughty names, each of 30 of them. */
  readonly reports: number;
  /** Every fault, on every mailing schedule; else the schedules take turns, and faults stand for those that are like them. */
  readonly everyFault: boolean;
}

const seeds = (count: number): readonly number[] => {
  const first = Number(process.env.RELIABILITY_SEED ?? 1);
  return Array.from({ length: count }, (_, i) => first + i);
};

export const sizes: Sizes =
  process.env.RELIABILITY === 'full'
    ? {
        seeds: seeds(4),
        days: 10,
        ordersADay: 30,
        saves: 500,
        clients: 50,
        timeout: 600_000,
        crashes: 50,
        inputs: 400,
        everyNthString: 1,
        reports: 50,
        everyFault: true,
      }
    : {
        seeds: seeds(1),
        days: 4,
        ordersADay: 12,
        saves: 50,
        clients: 20,
        timeout: 60_000,
        crashes: 1,
        inputs: 25,
        everyNthString: 5,
        reports: 2,
        everyFault: false,
      };
