/** Code that is mutated, and the tests that must notice. */
export interface Area {
  readonly name: string;
  /** Globs of TypeScript and SQL files. */
  readonly files: readonly string[];
  /** Test files and folders, in steps: a mutant that survives one step is given to the next. The quickest come first. */
  readonly tests: readonly string[];
}

export const areas: readonly Area[] = [
  {
    name: 'verdict',
    files: [
      'functions/statistics/*.ts',
      'functions/comparison/{comparison,figures,pairing,targets}.ts',
      'functions/comparison/verdict/{arm,estimate,gates,looks,needed,next-step,observational,one-trade,plan,verdict}.ts',
      'functions/comparison/sql/*.sql',
    ],
    tests: [
      'test/functions/comparison/verdict test/functions/experiments/numbers.test.ts',
      'test/sentences test/functions/experiments/properties.test.ts',
      'test/functions/comparison/comparison.test.ts test/functions/report/symbols.test.ts',
    ],
  },
  {
    name: 'experiments',
    files: ['functions/experiments/{,schedule/,verdict/}*.ts', 'functions/experiments/sql/*.sql'],
    tests: [
      'test/functions/experiments/experiment.test.ts test/functions/experiments/numbers.test.ts test/functions/experiments/plan.test.ts',
      'test/functions/experiments/properties.test.ts test/sentences',
      'test/functions/experiments',
    ],
  },
  {
    name: 'matching',
    files: [
      'functions/trades/matching/*.ts',
      'functions/trades/{corrections,fill-identity,known-state,complete-state,matching-rows,write-fills}.ts',
      'functions/trades/sql/{attribution,corrections,matching_state,trades,write_matching}.sql',
    ],
    tests: [
      'test/functions/trades/matching',
      'test/functions/trades/fifo.test.ts test/functions/trades/random-histories.test.ts test/functions/trades/corrections.test.ts test/functions/trades/known-state.test.ts',
      'test/functions/trades',
      'test/functions/trade-links test/functions/summaries',
    ],
  },
  {
    name: 'summaries',
    files: ['functions/summaries/*.ts', 'functions/summaries/sql/*.sql'],
    tests: [
      'test/functions/summaries',
      'test/reliability/nights.test.ts test/functions/trades/bounded-matching.test.ts',
    ],
  },
  {
    name: 'snapshots',
    files: ['functions/snapshots/*.ts', 'functions/snapshots/sql/*.sql'],
    tests: [
      'test/functions/snapshots',
      'test/functions/trade-links test/reliability/idempotency.test.ts',
      'test/functions/experiments/lifecycle.test.ts test/functions/access/access.test.ts',
    ],
  },
  {
    name: 'delivery',
    files: [
      'functions/report/delivery/*.ts',
      'functions/report/{bot-reports,mailings,ways}.ts',
      'functions/report/lists/*.ts',
      'functions/report/sql/*.sql',
      'functions/service/sql/set_bot.sql',
      'functions/runtime/{mailer,messenger}.ts',
    ],
    tests: [
      'test/functions/report/channels test/functions/report/delivery.test.ts test/functions/report/mail.test.ts test/functions/report/own-recipients.test.ts',
      'test/functions/report/corrections.test.ts test/functions/report/mail-events.test.ts test/functions/access',
      'test/reliability/schedules-under-faults.test.ts',
    ],
  },
  { name: 'access', files: ['functions/access/*.ts'], tests: ['test/functions/access'] },
  {
    name: 'report days',
    files: ['functions/report/window.ts'],
    tests: [
      'test/functions/report/report.test.ts test/functions/report/sections.test.ts',
      'test/functions/report/weekly-review.test.ts test/functions/report/odd-days.test.ts test/functions/report/many-bots.test.ts',
      'test/functions/report/own-recipients.test.ts',
    ],
  },
  {
    name: 'redaction',
    files: ['functions/contract/secrets.ts'],
    tests: ['test/functions/contract/secrets.test.ts', 'test/functions/snapshots/secrets.test.ts'],
  },
];

/** Files without decisions of their own: schemas, handlers that are one sentence, tables with constraints that are tested by themselves. */
export const LEFT_OUT = /(^|\/)(contract|handler|tables)\.(ts|sql)$/;
