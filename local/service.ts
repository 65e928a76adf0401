import { dailyReport, dailySummary, weeklyReview } from '../functions/schedules.ts';
import { startApi } from './api.ts';
import { startDatabase } from './database.ts';
import { functionEnvironment } from './environment.ts';
import { fire } from './functions.ts';
import { startInbox } from './inbox.ts';
import { runMigrations } from './run-migrations.ts';
import { startScheduler } from './scheduler.ts';
import type { LocalSettings } from './settings.ts';

export interface LocalService {
  readonly url: string;
  readonly inboxUrl: string;
  readonly stop: () => Promise<void>;
  /** Settles when the database's process has ended: by `stop`, or by itself. */
  readonly databaseEnded: Promise<void>;
}

/** The whole service on this machine: the deployed functions, with stand-ins where AWS would be.
 *  @throws Error when a port is taken, the data directory is in use, or the database does not answer */
export async function startService(settings: LocalSettings, say: (step: string) => void): Promise<LocalService> {
  const running: { close: () => Promise<void> }[] = [];
  const stop = async () => {
    for (const each of running.toReversed()) await each.close();
  };
  const start = async <Part extends { close: () => Promise<void> }>(part: Promise<Part>): Promise<Part> => {
    const started = await part;
    running.push(started);
    return started;
  };
  try {
    say('starting the database');
    const database = await startDatabase({ dataDir: settings.DATA_DIR, databaseUrl: settings.DATABASE_URL });
    running.push({ close: database.stop });
    const inbox = await start(startInbox({ port: settings.INBOX_PORT }));
    const endpoints = { database: database.url, ses: inbox.url };
    say('bringing it to this release');
    await runMigrations(endpoints, settings.TRADING_TIME_ZONE);

    Object.assign(process.env, functionEnvironment(endpoints), {
      LOG_LEVEL: settings.LOG_LEVEL,
      NEVER_LINKING_SOURCES: settings.NEVER_LINKING_SOURCES.join(','),
      REPORT_SENDER: settings.REPORT_SENDER,
      REPORT_RECIPIENTS: settings.REPORT_RECIPIENTS.join(','),
      ...(settings.REPORT_REPLY_TO && { REPORT_REPLY_TO: settings.REPORT_REPLY_TO }),
    });
    const { REPORT_HOUR: hour, WEEKLY_REVIEW: weekday } = settings;
    const daily = [dailySummary, dailyReport(hour)];
    const byClock = weekday === 'off' ? daily : [...daily, weeklyReview(weekday, hour)];
    // By hand, the week can always be reviewed.
    const byHand = [...daily, weeklyReview('monday', hour)];
    say('starting the API');
    const api = await start(startApi({ port: settings.PORT, schedules: byHand }));
    const scheduler = startScheduler(byClock, settings.TRADING_TIME_ZONE, fire);
    running.push({ close: async () => scheduler.stop() });
    return { url: api.url, inboxUrl: inbox.url, stop, databaseEnded: database.ended };
  } catch (error) {
    await stop();
    throw error;
  }
}
