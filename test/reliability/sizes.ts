/** The sizes of the checks in this folder: small in `npm test`, full in `npm run prove`. */
interface Sizes {
  /** Seeds of the generated histories. */
  readonly seeds: readonly number[];
  readonly days: number;
  readonly ordersADay: number;
  readonly saves: number;
  readonly clients: number;
  /** Time limit of a test, in milliseconds. */
  readonly timeout: number;
  readonly crashes: number;
  /** Seconds under load. */
  readonly soak: number;
  /** Hostile requests per operation. */
  readonly inputs: number;
  readonly everyNthString: number;
  /** Reports of bots with naughty ids, 30 bots each. */
  readonly reports: number;
  /** Whether to test every fault on every mailing schedule; otherwise the schedules alternate, and similar faults are skipped. */
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
        soak: 600,
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
        timeout: 300_000,
        crashes: 1,
        soak: 8,
        inputs: 25,
        everyNthString: 5,
        reports: 2,
        everyFault: false,
      };
