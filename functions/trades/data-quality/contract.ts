import * as z from 'zod';
import { botId, instant, snapshotId, text, wholeNumber } from '../../contract/fields.ts';
import { operation } from '../../contract/operation.ts';

const counts = { orders: z.int(), linked: z.int(), by_time: z.int(), none: z.int(), manual: z.int() };

export const Coverage = z
  .object({
    bot_id: z.string(),
    from: z.string(),
    to: z.string(),
    ...counts,
    link_rate: z
      .number()
      .nullable()
      .meta({ description: 'linked / (linked + by_time + none) × 100; null when there are no such orders' }),
    sources: z.array(z.object({ source: z.string().nullable(), ...counts })),
    links_without_fills: z.int(),
    fills_without_fee: z.int(),
    drift: z
      .array(
        z.object({
          snapshot_id: snapshotId,
          path: z.string().meta({ description: 'JSON Pointer into the configuration; empty: the hash differs' }),
          snapshot: z.unknown(),
          bot: z.unknown(),
          orders: z.int(),
        }),
      )
      .meta({ description: 'Settings that the bot reports and that differ from its snapshot' }),
  })
  .meta({ id: 'Coverage' });
export type Coverage = z.output<typeof Coverage>;

export const getCoverage = operation({
  id: 'getCoverage',
  method: 'GET',
  path: '/coverage',
  capability: 'trades',
  summary: 'Get the share of recently filled orders that are linked',
  description:
    'Orders filled in the last hours, in total and by source. An order without a link is attributed by its time.',
  input: {
    query: z.strictObject({
      bot_id: botId,
      hours: wholeNumber({ from: 1, to: 8784, of: 'hours' })
        .default(24)
        .meta({ description: 'Length of the period up to now' }),
    }),
  },
  answers: { 200: { description: 'The coverage', schema: Coverage } },
});

/** Most kinds of differences in one reconciliation. */
const MOST_DIFFERENCES = 20;

const wholeCount = z.int().min(0).max(2_147_483_647);

const result = {
  source: text(100).min(1).meta({ description: 'The tool whose records were compared', example: 'freqtrade' }),
  compared: wholeCount.meta({ description: 'Closed trades of the tool that were compared' }),
  agreed: wholeCount.meta({ description: 'Those with the same P&L here' }),
  differences: z
    .array(z.object({ reason: text(200).min(1).meta({ example: 'fee missing' }), trades: wholeCount }))
    .max(MOST_DIFFERENCES)
    .meta({ description: 'The others, by reason' }),
};

export const Reconciliation = z
  .object({ bot_id: z.string(), ...result, at: z.string().meta({ format: 'date-time' }) })
  .meta({ id: 'Reconciliation' });
export type Reconciliation = z.output<typeof Reconciliation>;

export const Reconcile = z
  .strictObject({ bot_id: botId, ...result, at: instant.optional().meta({ description: 'By default now' }) })
  .refine(
    ({ compared, agreed, differences }) => compared === agreed + differences.reduce((n, { trades }) => n + trades, 0),
    {
      path: ['compared'],
      message: 'must be the sum of agreed and of the trades of all differences',
    },
  )
  .meta({ id: 'Reconcile' });
export type Reconcile = z.output<typeof Reconcile>;

export const recordReconciliation = operation({
  id: 'recordReconciliation',
  method: 'POST',
  path: '/reconciliations',
  capability: 'trades',
  summary: 'Record a comparison with the records of the bot’s own tool',
  description:
    'The report and the list of bots show the latest one of each source. `strategy reconcile` makes the comparison. Repeating one, or sending an earlier one, changes nothing.',
  input: { body: Reconcile },
  answers: { 200: { description: 'The latest one of this source', schema: Reconciliation } },
  problems: [404],
});
