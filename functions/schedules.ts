export const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
export type Weekday = (typeof weekdays)[number];

/** A time on the clock of the trading time zone: of every day, or of one day of the week. */
export interface ScheduleTime {
  readonly hour: number;
  readonly minute: number;
  readonly weekday?: Weekday;
}

/** What runs by the clock of the trading time zone: EventBridge Scheduler runs it on AWS, a timer on this machine. */
export interface ScheduleDefinition {
  readonly name: 'daily-summary' | 'daily-report' | 'weekly-review';
  readonly entry: string;
  readonly at: ScheduleTime;
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

export const weeklyReview = (weekday: Weekday, hour: number): ScheduleDefinition => ({
  name: 'weekly-review',
  entry: 'functions/report/weekly.ts',
  at: { hour, minute: 0, weekday },
  impact: 'The recipients of the weekly review did not get it this week.',
});

/** The day of the week as the cron expressions of both clocks have it. @example cronDay('monday') // 'MON' */
export const cronDay = (weekday: Weekday): string => weekday.slice(0, 3).toUpperCase();
