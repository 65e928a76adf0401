/** What runs by the clock of the trading time zone: EventBridge Scheduler runs it on AWS, a timer on this machine. */
export interface ScheduleDefinition {
  readonly name: 'daily-summary' | 'daily-report';
  readonly entry: string;
  readonly at: { readonly hour: number; readonly minute: number };
  /** What a reader of the alarm has to expect when a run was given up. */
  readonly impact: string;
}

export const dailySummary: ScheduleDefinition = {
  name: 'daily-summary',
  entry: 'functions/summaries/nightly.ts',
  at: { hour: 0, minute: 5 },
  impact: 'The last trading day is not summarised: comparison and report show older figures until the next run.',
};

export const dailyReport = (hour: number): ScheduleDefinition => ({
  name: 'daily-report',
  entry: 'functions/report/daily.ts',
  at: { hour, minute: 0 },
  impact: 'The recipients of the daily report did not get it today.',
});
