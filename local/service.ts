import { mailings, nightlyBots } from '../functions/queues.ts';
import { botReports, dailyReport, dailySummary, weeklyReview } from '../functions/schedules.ts';
import { startDatabase } from './database.ts';
import { functionEnvironment } from './environment.ts';
import { firingInto, startFunctionQueues } from './functions.ts';
import { checkPorts } from './ports.ts';
import { runMigrations } from './run-migrations.ts';
import { startScheduler } from './scheduler.ts';
import type { LocalSettings } from './settings.ts';

export interface LocalService {
  readonly url: string;
  /** The page, with the token that opens it. */
  readonly pageUrl: string;
  readonly inboxUrl: string;
  readonly stop: () => Promise<void>;
  /** Aborted, with the reason, when the database's process ends and cannot be replaced. */
  readonly failure: AbortSignal;
}

/** The whole service on this machine: the deployed functions, with substitutes for AWS. When `signal` is aborted before the service is
 *  ready, everything is stopped again.
 *  @throws Error when a port is taken, the data directory is in use, or the database does not answer or ends */
export async function startService(
  settings: LocalSettings,
  onStep: (step: string) => void,
  signal: AbortSignal = new AbortController().signal,
): Promise<LocalService> {
  await checkPorts(settings);
  const databaseEnded = new AbortController();
  const cancelled = AbortSignal.any([databaseEnded.signal, signal]);
  const running: { close: () => Promise<void> }[] = [];
  const stop = async () => {
    for (const each of running.toReversed()) await each.close();
  };
  const start = async <Part extends { close: () => Promise<void> }>(part: Promise<Part>): Promise<Part> => {
    const started = await part;
    running.push(started);
    cancelled.throwIfAborted();
    return started;
  };
  try {
    onStep('starting the database');
    const opening = startDatabase({
      dataDir: settings.DATA_DIR,
      databaseUrl: settings.DATABASE_URL,
      say: onStep,
      signal,
    });
    // The rest is loaded and started while the database starts, which takes longest.
    const parts = [
      start(opening.then(({ url, ended, stop: close }) => ({ url, ended, close }))),
      start(
        import('./inbox/inbox.ts').then(({ startInbox }) =>
          startInbox({ port: settings.INBOX_PORT, smtpUrl: settings.SMTP_URL }),
        ),
      ),
      import('./api.ts'),
    ] as const;
    // If one fails, wait for the others to start before stopping them.
    await Promise.allSettled(parts);
    const [database, inbox, { startApi }] = await Promise.all(parts);
    database.ended.then(() => databaseEnded.abort(new Error('the database process has ended unexpectedly')));
    const endpoints = { database: database.url, ses: inbox.url };
    onStep('applying migrations');
    await runMigrations(endpoints, settings.TRADING_TIME_ZONE, cancelled);

    const queues = await start(startFunctionQueues([nightlyBots, mailings]));
    Object.assign(process.env, functionEnvironment(endpoints), {
      ...queues.environment,
      LOG_LEVEL: settings.LOG_LEVEL,
      NEVER_LINKING_SOURCES: settings.NEVER_LINKING_SOURCES.join(','),
      NOTIFY_URLS: settings.NOTIFY_URLS,
      REPORT_HOUR: String(settings.REPORT_HOUR),
      REPORT_SENDER: settings.REPORT_SENDER,
      REPORT_RECIPIENTS: settings.REPORT_RECIPIENTS.join(','),
      WEEKLY_REVIEW: settings.WEEKLY_REVIEW,
      ...pageAddress(settings),
      ...(settings.REPORT_REPLY_TO && { REPORT_REPLY_TO: settings.REPORT_REPLY_TO }),
    });
    const { REPORT_HOUR: hour, WEEKLY_REVIEW: weekday } = settings;
    const daily = [dailySummary, dailyReport(hour), botReports];
    const byClock = weekday === 'off' ? daily : [...daily, weeklyReview(weekday, hour)];
    // The weekly review can always be run manually.
    const byHand = [...daily, weeklyReview('monday', hour)];
    const fire = firingInto(queues);
    onStep('starting the API');
    const api = await start(startApi({ port: settings.PORT, schedules: byHand, fire }));
    // Where any free port was asked for, its number is known only now: in time for the mails.
    process.env.DASHBOARD_URL ??= api.url;
    const scheduler = startScheduler(byClock, settings.TRADING_TIME_ZONE, fire);
    running.push({ close: async () => scheduler.stop() });
    return { url: api.url, pageUrl: api.pageUrl, inboxUrl: inbox.url, stop, failure: databaseEnded.signal };
  } catch (error) {
    await stop();
    // What was interrupted may have failed for that reason.
    signal.throwIfAborted();
    throw error;
  }
}

/** The page that reports link to: the one in the settings, or else that of this service. */
function pageAddress({ DASHBOARD_URL, PORT }: LocalSettings): { DASHBOARD_URL?: string } {
  if (DASHBOARD_URL !== null) return { DASHBOARD_URL };
  return PORT === 0 ? {} : { DASHBOARD_URL: `http://127.0.0.1:${PORT}` };
}
