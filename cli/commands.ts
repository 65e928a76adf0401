import type { Command } from './command.ts';

/** Loads a command when it is called, so that the dependencies of one, such as the AWS SDK, do not slow down the others. */
type Load = () => Promise<Command>;

/** Every command, in the groups of the help. */
export const groups: Readonly<Record<string, Readonly<Record<string, Load>>>> = {
  Look: {
    compare: async () => (await import('./commands/compare.ts')).compare,
    current: async () => (await import('./commands/current.ts')).current,
    snapshots: async () => (await import('./commands/snapshots.ts')).snapshots,
    diff: async () => (await import('./commands/diff.ts')).diff,
    plan: async () => (await import('./commands/plan.ts')).plan,
    summary: async () => (await import('./commands/summary.ts')).summary,
    trades: async () => (await import('./commands/trades.ts')).trades,
    trade: async () => (await import('./commands/trade.ts')).trade,
    positions: async () => (await import('./commands/positions.ts')).positions,
    bots: async () => (await import('./commands/bots.ts')).bots,
    coverage: async () => (await import('./commands/coverage.ts')).coverage,
    reconcile: async () => (await import('./commands/reconcile.ts')).reconcileCommand,
    report: async () => (await import('./commands/report.ts')).report,
    open: async () => (await import('./commands/open.ts')).open,
  },
  Act: {
    rollback: async () => (await import('./commands/rollback.ts')).rollback,
    recipients: async () => (await import('./commands/recipients.ts')).recipients,
    unblock: async () => (await import('./commands/unblock.ts')).unblock,
    experiment: async () => (await import('./commands/experiment.ts')).experiment,
  },
  'Run on this machine': {
    start: async () => (await import('./commands/start.ts')).start,
    demo: async () => (await import('./commands/demo.ts')).demo,
  },
  'Move data': {
    import: async () => (await import('./commands/import.ts')).importCommand,
    sync: async () => (await import('./commands/sync.ts')).syncCommand,
    export: async () => (await import('./commands/export.ts')).exportCommand,
    restore: async () => (await import('./commands/restore.ts')).restore,
  },
  Operate: {
    'deploy-check': async () => (await import('./commands/deploy-check.ts')).deployCheck,
    smoke: async () => (await import('./commands/smoke.ts')).smoke,
    'restore-drill': async () => (await import('./commands/restore-drill.ts')).restoreDrill,
    openapi: async () => (await import('./commands/openapi.ts')).openapi,
  },
};

/** Every command by its name. */
export const commands: Readonly<Record<string, Load>> = Object.assign({}, ...Object.values(groups));
