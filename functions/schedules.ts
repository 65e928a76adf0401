export const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
export type Weekday = (typeof weekdays)[number];

/** A time in the trading time zone: every hour, every day, or on one day of the week. */
export interface ScheduleTime {
  /** Absent: every hour. */
  readonly hour?: number;
  readonly minute: number;
  readonly weekday?: Weekday;
}

/** A scheduled job in the trading time zone. EventBridge Scheduler runs it on AWS, a timer runs it locally. */
export interface ScheduleDefinition {
  readonly name: 'daily-summary' | 'daily-report' | 'weekly-review' | 'bot-reports';
  readonly entry: string;
  readonly at: ScheduleTime;
  /** The consequence for users when a run was given up, for the alarm. */
  readonly impact: string;
}

export const dailySummary: ScheduleDefinition = {
  name: 'daily-summary',
  entry: 'functions/summaries/nightly.ts',
  at: { hour: 0, minute: 5 },
  impact: 'The last trading day is not summarized: comparison and report show older figures until the next run.',
};

export const dailyReport = (hour: number): ScheduleDefinition => ({
  name: 'daily-report',
  entry: 'functions/report/daily.ts',
  at: { hour, minute: 0 },
  impact: 'The daily report was not sent to its recipients today.',
});

export const weeklyReview = (weekday: Weekday, hour: number): ScheduleDefinition => ({
  name: 'weekly-review',
  entry: 'functions/report/weekly.ts',
  at: { hour, minute: 0, weekday },
  impact: 'The weekly review was not sent to its recipients this week.',
});

/** Every hour, since it is morning somewhere. */
export const botReports: ScheduleDefinition = {
  name: 'bot-reports',
  entry: 'functions/report/bot-reports.ts',
  at: { minute: 0 },
  impact: 'Reports to recipients that bots have of their own wait for the next hour.',
};

/** The day of the week in the cron expressions of both schedulers. @example cronDay('monday') // 'MON' */
export const cronDay = (weekday: Weekday): string => weekday.slice(0, 3).toUpperCase();
