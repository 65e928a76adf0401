import { Logger } from '@aws-lambda-powertools/logger';
import examples from '../../functions/examples.json' with { type: 'json' };
import { type DailyReport, DailyReport as DailySchema, type WeeklyReview } from '../../functions/report/contract.ts';
import { messageOf } from '../../functions/report/delivery/message.ts';
import type { Block } from '../../functions/report/document/blocks.ts';
import { documentOf } from '../../functions/report/document/document.ts';
import { experiments } from './experiments.ts';
import { sentencesOf } from './variants.ts';
import { verdicts } from './verdicts.ts';

type Daily = DailyReport['bots'][number];
type Weekly = WeeklyReview['bots'][number];

const report = DailySchema.parse(examples.getReport.answers[200]);
const [example] = report.bots;
if (!example) throw new Error('the example has a bot');

const [group] = example.by_symbol;
if (!group) throw new Error('the example has a symbol');
const named = (name: string | null, more: Partial<typeof group> = {}) => ({ ...group, name, ...more });
const verdictOf = (kind: string, has: (verdict: (typeof verdicts)[number]) => boolean = () => true) =>
  verdicts.find((verdict) => verdict.kind === kind && has(verdict)) ?? null;
const evidence = {
  ...{ symbol: 'BAD-USD', days: 41, total_trades: 150, total_pnl_usd: -97.5 },
  ...{ expectancy_usd: -0.65, lower_usd: -1.1, upper_usd: -0.2 },
};
const nothing = { total_trades: 0, winning_trades: 0, losing_trades: 0, breakeven_trades: 0, total_pnl_usd: 0 };
const idle: Partial<Daily> = {
  day: { ...example.day, ...nothing, win_rate: null, profit_factor: null, expectancy_usd: null },
  coverage: { ...example.coverage, orders: 0, linked: 0, by_time: 0, link_rate: null, sources: [] },
};
const [tenth] = example.strategies;
const drift = Array.from({ length: 7 }, (_, i) => ({
  ...{
    snapshot_id: tenth?.snapshot_id ?? '',
    path: i === 0 ? '' : `/setting/${i}`,
    snapshot: 1.5,
    bot: 2.5,
    orders: 12,
  },
}));
const open = (n: number) =>
  Array.from({ length: n }, (_, i) => ({
    ...{ snapshot_id: i === 0 ? null : (tenth?.snapshot_id ?? null), notes: 'RSI weight 1.5' },
    ...{ open_positions: 2, open_cost_usd: 120 },
  }));
const late = (n: number) =>
  Array.from({ length: n }, () => ({
    ...{ date: '2026-11-18', mailed_trades: 11, mailed_pnl_usd: 3, total_trades: 12, total_pnl_usd: 2.5 },
  }));

const withTargets = (met: boolean | null) =>
  example.targets.map((target) => ({ ...target, met, ...(met === null && { value: null }) }));

/** What a day can be like. */
const sections: Readonly<Record<string, Partial<Daily>>> = {
  'an ordinary day': {},
  'a day among many': {
    strategies: example.strategies.map((each) => ({ ...each, days_with_trades: 9 })),
    by_trigger: [named('score'), named('stop loss')],
  },
  'no snapshot': { verdict: null, strategies: [] },
  'nothing traded': idle,
  'orders filled, no trade closed': { day: idle.day ?? example.day },
  'only trades by hand and before the first snapshot': {
    day: idle.day ?? example.day,
    outside: {
      manual_trades: 2,
      manual_pnl_usd: 3,
      unattributed_trades: 1,
      unattributed_pnl_usd: -1,
      unmatched_sells: 1,
    },
  },
  'a client that could not deliver': {
    outbox: {
      ...{ bot_id: 'default', waiting: 5, refused: 2, turned_away: 1, damaged: 3 },
      ...{ last_refusal: 'a price of 0', at: '2026-11-21T20:00:00Z' },
    },
  },
  'everything that can be wrong': {
    coverage: { ...example.coverage, drift, link_rate: 12.5, links_without_fills: 3, fills_without_fee: 4 },
    day: { ...example.day, unmatched_sells: 2 },
    waiting_days: 2,
    late_changes: late(2),
    excluded_but_bought: [{ symbol: 'DOGE-USD', orders: 3 }],
    reconciliations: [
      {
        ...{ bot_id: 'default', source: 'freqtrade', compared: 40, agreed: 37, from: null, to: null },
        ...{ differences: [{ reason: 'another fee', trades: 3 }], at: '2026-11-21T20:00:00Z' },
      } as never,
    ],
    correction:
      'The verdict in the report of 20 November 2026 was “keep running”. After late changes to its days, it is “keep” of 19 November 2026.',
  },
  'much is open, and much has changed': { open_positions: open(12), late_changes: late(12) },
  'one late day': { late_changes: late(1), waiting_days: 1, open_positions: open(11) },
  'nothing to compute': { computed_at: null, reconciliations: [] },
  'symbols that stand out': {
    symbols: {
      traded: 6,
      measured: 3,
      alpha: 0.05 / 6,
      losing: [evidence],
      earning: [{ ...evidence, symbol: 'GOOD-USD', expectancy_usd: 0.7, lower_usd: 0.3, upper_usd: 1.1 }],
    },
  },
  'symbols that could be luck': { symbols: { traded: 6, measured: 3, alpha: 0.05 / 6, losing: [], earning: [] } },
  'one symbol that could be luck': { symbols: { traded: 1, measured: 1, alpha: 0.05, losing: [], earning: [] } },
  'symbols without enough trades': { symbols: { traded: 6, measured: 0, alpha: 0.05 / 6, losing: [], earning: [] } },
  'a best and a worst symbol': {
    by_symbol: [
      named('A-USD', { total_trades: 9, total_pnl_usd: 9 }),
      named('B-USD', { total_trades: 9, total_pnl_usd: -9 }),
      named(null, { groups: 30 }),
    ],
  },
  'no symbol that made or lost anything': { by_symbol: [named('A-USD', { total_trades: 9, total_pnl_usd: 0 })] },
  'targets met': { targets: withTargets(true) },
  'no target measured': { targets: withTargets(null) },
  'many settings changed': {
    changes: Array.from({ length: 15 }, (_, i) => ({ path: `/setting/${i}`, before: i, after: null })),
    verdict: verdictOf('keep'),
    looks: [1, 2, 3].map((n) => ({
      ...{ date: `2026-11-1${n}`, difference: 0.2, lower: -0.1, upper: 0.5 },
      p: 0.2,
      p_now: 0.3,
    })),
  },
  'many sources of orders': {
    coverage: {
      ...example.coverage,
      sources: Array.from({ length: 12 }, (_, i) => ({
        ...(example.coverage.sources[0] ?? ({} as never)),
        source: i === 0 ? null : `source ${i}`,
      })),
    },
  },
  'a decision': { verdict: verdictOf('revert', ({ expectancy }) => expectancy.lower !== null) },
  'a decision that one trade carries': {
    verdict: ((verdict) =>
      verdict && { ...verdict, labels: ['one_trade'], label_notes: { one_trade: 'Without the best trade …' } })(
      verdictOf('keep'),
    ),
  },
};

const weekly = ({
  day,
  curves: _c,
  looks: _l,
  changes: _ch,
  correction: _co,
  late_changes: _la,
  open_positions: _o,
  ...rest
}: Daily): Weekly => ({
  ...rest,
  week: day,
  week_before: day,
  days: [{ date: '2026-11-21', total_trades: day.total_trades, total_pnl_usd: day.total_pnl_usd }],
  by_score: ['0', '1', '2', '3', '4', null].map((name) => named(name)),
  by_indicator_count: [named('2'), named(null)],
  by_indicator: [named('rsi')],
});

const daily = (bots: readonly Daily[], more: Partial<DailyReport> = {}): DailyReport => ({
  ...report,
  ...more,
  bots: [...bots],
});
const review = (bots: readonly Daily[], more: Partial<DailyReport> = {}): WeeklyReview => ({
  ...report,
  ...more,
  kind: 'weekly',
  bots: bots.map(weekly),
});

const blocked: DailyReport['blocked_recipients'] = [
  {
    ...{ address: 'ann@example.org', reason: 'bounce', detail: 'smtp; 550 5.1.1 user unknown' },
    blocked_at: '2026-11-20T06:00:00.000Z',
  },
  { address: 'bob@example.org', reason: 'complaint', detail: null, blocked_at: '2026-11-20T06:00:00.000Z' },
];
const failures = (['mail', 'telegram', 'discord', 'slack', 'webhook'] as const).flatMap((channel) =>
  (['refused', 'unknown'] as const).flatMap((status) => [
    { kind: 'daily' as const, date: '2026-11-20', channel, status, recipients: 1, reason: 'HTTP 403: Forbidden' },
    { kind: 'weekly' as const, date: '2026-11-20', channel, status, recipients: 2, reason: null },
  ]),
);

const many = Array.from({ length: 103 }, (_, i) => ({
  ...example,
  bot_id: i < 3 ? `bot ${i}` : 'bot',
  verdict: i < 3 ? verdictOf(i === 0 ? 'revert' : 'keep') : example.verdict,
}));

/** Reports of every situation, by its name. */
export const reports: Readonly<Record<string, readonly (DailyReport | WeeklyReview)[]>> = {
  ...Object.fromEntries(
    Object.entries(sections).map(([name, more]) => [
      name,
      [daily([{ ...example, experiments: [], ...more }]), review([{ ...example, experiments: [], ...more }])],
    ]),
  ),
  'no bot': [daily([]), review([])],
  'a day that is not over': [daily([example], { complete: false }), review([example], { complete: false })],
  'many bots': [daily(many), review(many)],
  'a page of bots': [daily(many, { next_cursor: 'WyJib3QtMzAiXQ' })],
  'more bots than a mail has room for': [daily(many, { left_out: 900 }), review(many)],
  'no order is linked': [daily([{ ...example, coverage: { ...example.coverage, link_rate: 0 } }])],
  'a report with a page': [
    daily([example], { dashboard_url: 'https://page.example.com' }),
    daily([{ ...example, experiments: [] }], { dashboard_url: 'https://page.example.com' }),
  ],
  'reports that did not arrive': [
    daily([example], { failed_deliveries: failures }),
    review([example], { failed_deliveries: failures }),
  ],
  'addresses that get no mail': [
    daily([example], { blocked_recipients: blocked }),
    review([example], { blocked_recipients: blocked }),
  ],
  'each verdict': verdicts
    .filter(({ missing }) => missing.length === 0)
    .map((verdict) => daily([{ ...example, experiments: [], verdict }])),
  'each state of a test': experiments.map((experiment) => daily([{ ...example, experiments: [experiment] }])),
};

function textsOf(block: Block): string[] {
  switch (block.type) {
    case 'heading':
      return [block.text];
    case 'callout':
      return [block.text, block.more];
    case 'figures':
      return block.figures.flatMap(({ label, note }) => [label, note ?? '']);
    case 'text':
      return [block.text];
    case 'links':
      return block.links.map(({ text }) => text);
    case 'list':
      return [...block.items];
    case 'table':
      return [
        block.caption,
        ...block.columns.map(({ label }) => label),
        ...block.rows.flatMap(([first = '', ...cells]) => [
          first,
          ...cells.filter((cell) => /^\p{L}[\p{L} ]+$/u.test(cell)),
        ]),
      ];
    case 'cards':
      return [
        block.caption,
        ...block.cards.flatMap(({ title, note, figures }) => [title, note, ...figures.map(({ label }) => label)]),
      ];
    case 'interval':
      return [block.caption];
    case 'chart':
      return [block.chart.alt];
    case 'definitions':
      return [`Over ${block.over}:`, ...block.definitions.map(({ term, meaning }) => `${term}: ${meaning}.`)];
  }
}

const logger = new Logger({ logLevel: 'SILENT' });

/** Everything that a report says, as mail and as attachment. */
export function textsIn(report: DailyReport | WeeklyReview): string[] {
  return (['brief', 'full'] as const).flatMap((detail) => {
    const { subject, title, subtitle, blocks } = documentOf(report, detail);
    return [subject, title, subtitle, ...blocks.flatMap(textsOf)];
  });
}

/** What the short messages say. */
export const messagesIn = async (reported: readonly (DailyReport | WeeklyReview)[]): Promise<string[]> =>
  sentencesOf((await Promise.all(reported.map((each) => messageOf(each, logger)))).map(({ text }) => text));
