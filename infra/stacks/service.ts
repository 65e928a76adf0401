import { Annotations, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Capability } from '../../functions/contract/operation.ts';
import { operations } from '../../functions/operations.ts';
import { mailings, nightlyBots, type QueueDefinition } from '../../functions/queues.ts';
import {
  botReports,
  dailyReport,
  dailySummary,
  type ScheduleDefinition,
  weeklyReview,
} from '../../functions/schedules.ts';
import { Alarms, type Job } from '../constructs/alarms.ts';
import { Api } from '../constructs/api.ts';
import { addBudget } from '../constructs/budget.ts';
import type { BundledFiles } from '../constructs/bundle.ts';
import { allowChannels } from '../constructs/channels.ts';
import { chartFiles } from '../constructs/chart-files.ts';
import { comparisonEnvironment } from '../constructs/comparison-environment.ts';
import { Dashboard } from '../constructs/dashboard.ts';
import type { Database } from '../constructs/database.ts';
import { allowStatements, allowTransactions } from '../constructs/database-login.ts';
import { ServiceFunction, serviceName } from '../constructs/function.ts';
import { allowMail } from '../constructs/mail.ts';
import { MailEvents } from '../constructs/mail-events.ts';
import { Migrations } from '../constructs/migrations.ts';
import { Schedule } from '../constructs/schedule.ts';
import { WorkQueue } from '../constructs/work-queue.ts';
import type { Settings } from '../settings.ts';
import { stackOf } from '../stack-name.ts';

export interface ServiceStackProps {
  readonly settings: Settings;
  readonly database: Database;
}

const MAIL_EVENTS = 'functions/report/mail-events.ts';

/** Functions next to the report that make none. */
const withoutReport = [MAIL_EVENTS, botReports.entry];

/** The functions that match fills, under a lock where it takes long: those that record fills, and those that bring days up to date. */
const matches = [
  ...['functions/trades/handler.ts', 'functions/summaries/handler.ts', 'functions/report/handler.ts'],
  ...['functions/report/daily.ts', 'functions/report/weekly.ts', mailings.entry, nightlyBots.entry],
];

/** Everything except the data: API, schedules, migrations and alarms. */
export class ServiceStack extends Stack {
  readonly #settings: Settings;
  readonly #database: Database;
  readonly #migrations: Migrations;

  constructor(scope: Construct, id: string, { settings, database }: ServiceStackProps) {
    super(scope, id, {
      stackName: stackOf(settings.stage),
      description: 'Strategy snapshots: the API, the schedules and the migrations',
    });
    this.#settings = settings;
    this.#database = database;
    this.#migrations = new Migrations(this, 'Migrations', { settings, database });

    const api = this.#api();
    const nightly = this.#nightlyBots();
    const mailEvents = this.#mailEvents();
    const schedules = [this.#dailySummary(nightly), ...this.#mailed()];
    const jobs = [...schedules, nightly, ...this.#botReports(), ...mailEvents];
    this.#watch(api, jobs);
    this.#outputs(api, jobs);
  }

  #api(): Api {
    const api = new Api(this, 'Api', { settings: this.#settings });
    for (const [capability, itsOperations] of Map.groupBy(operations, ({ capability }) => capability)) {
      const run = this.#httpFunction(capability);
      api.route(itsOperations, run);
      if (capability === 'service') api.routeUnmatched(run);
    }
    return api;
  }

  /** Hands the bots to the queue of the night. */
  #dailySummary(nightly: WorkQueue): Schedule {
    const run = this.#unattendedFunction(dailySummary.entry);
    nightly.allowSending(run);
    return this.#schedule(dailySummary, run);
  }

  #nightlyBots(): WorkQueue {
    const run = this.#unattendedFunction(nightlyBots.entry);
    run.addEnvironment('NEVER_LINKING_SOURCES', this.#settings.never_linking_sources.join(','));
    return this.#queue(nightlyBots, run);
  }

  /** The reports to recipients that bots have of their own, where reports are mailed: a schedule hands those that are due to a queue. */
  #botReports(): readonly (Schedule | WorkQueue)[] {
    const { report_sender, report_hour, weekly_review } = this.#settings;
    if (report_sender === null) return [];
    const mails = this.#unattendedFunction(mailings.entry);
    this.#allowMail(mails);
    const queue = this.#queue(mailings, mails);
    const run = this.#unattendedFunction(botReports.entry);
    run.addEnvironment('REPORT_HOUR', String(report_hour));
    run.addEnvironment('WEEKLY_REVIEW', weekly_review);
    queue.allowSending(run);
    return [this.#schedule(botReports, run), queue];
  }

  #watch({ serverErrors, apiId }: Api, jobs: readonly Job[]): void {
    const { stage, alarm_email: email, monthly_budget_usd: usd, report_sender, notify_secret_arn } = this.#settings;
    const databaseCapacity = this.#database.capacity;
    if (email === null) {
      Annotations.of(this).addWarningV2(
        'strategy-snapshots:no-alarms',
        'Nobody hears of missed nightly runs, unsent reports or unlinked orders: set alarm_email.',
      );
    } else addBudget(this, { usd, email });
    const mailsDaily = report_sender !== null || notify_secret_arn !== null;
    const alarms = new Alarms(this, 'Alarms', {
      ...{ stage, email, jobs, mailsDaily, mails: report_sender !== null, notifies: notify_secret_arn !== null },
      ...{ serverErrors, databaseCapacity },
    });
    // The deployment is counted before an alarm could miss it.
    this.#migrations.runBefore(alarms);
    new Dashboard(this, 'Dashboard', { stage, apiId, databaseCapacity });
  }

  /** What becomes of mails, where reports are mailed. */
  #mailEvents(): readonly MailEvents[] {
    const { report_sender, stage } = this.#settings;
    if (report_sender === null) return [];
    const run = this.#function('mail-events', {
      entry: MAIL_EVENTS,
      timeout: Duration.minutes(1),
    });
    return [new MailEvents(this, 'MailEvents', { name: serviceName(stage), run })];
  }

  /** The daily report and the weekly review, by mail and to channels. */
  #mailed(): readonly Schedule[] {
    const { report_sender, notify_secret_arn } = this.#settings;
    if (report_sender === null) {
      Annotations.of(this).addWarningV2(
        'strategy-snapshots:no-report-mail',
        'No report will be mailed: set report_sender to an address that SES has verified. GET /report works without it.',
      );
      if (notify_secret_arn === null) return [];
    }
    const { report_hour, weekly_review } = this.#settings;
    const weekly = weekly_review === 'off' ? [] : [weeklyReview(weekly_review, report_hour)];
    return [dailyReport(report_hour), ...weekly].map((definition) => {
      const run = this.#unattendedFunction(definition.entry);
      this.#allowMail(run);
      if (notify_secret_arn !== null) allowChannels(run, notify_secret_arn);
      return this.#schedule(definition, run);
    });
  }

  #allowMail(run: ServiceFunction): void {
    const { stage, report_sender: sender, report_recipients, report_reply_to: replyTo } = this.#settings;
    if (sender === null) return;
    const recipients = report_recipients.length === 0 ? [sender] : report_recipients;
    allowMail(run, { sender, recipients, replyTo, configurationSet: serviceName(stage) });
  }

  #queue(definition: QueueDefinition, run: ServiceFunction): WorkQueue {
    const { stage, reserved_concurrency: reservedConcurrency } = this.#settings;
    const name = `${serviceName(stage)}-${definition.name}`;
    return new WorkQueue(this, definition.name, { name, definition, run, reservedConcurrency });
  }

  #schedule({ name, at, impact }: ScheduleDefinition, run: ServiceFunction): Schedule {
    const { stage, trading_time_zone: timeZone } = this.#settings;
    return new Schedule(this, name, { name: `${serviceName(stage)}-${name}`, run, at, timeZone, impact });
  }

  /** A function of the API, with a timeout below API Gateway's 30 s. */
  #httpFunction(capability: Capability): ServiceFunction {
    const entry = `functions/${capability}/handler.ts`;
    const run = this.#function(capability, { entry, timeout: Duration.seconds(29) });
    const { bot_callers } = this.#settings;
    if (Object.keys(bot_callers).length > 0) run.addEnvironment('BOT_CALLERS', JSON.stringify(bot_callers));
    return run;
  }

  /** A function that nobody waits for. */
  #unattendedFunction(entry: string): ServiceFunction {
    const id = entry.replace(/^functions\/|\.ts$/g, '').replace('/', '-');
    return this.#function(id, { entry, timeout: Duration.minutes(14) });
  }

  #function(id: string, code: { readonly entry: string; readonly timeout: Duration }): ServiceFunction {
    const compares =
      /^functions\/(comparison|experiments|report|snapshots)\//.test(code.entry) && !withoutReport.includes(code.entry);
    const environment = compares ? comparisonEnvironment(this.#settings) : {};
    const run = new ServiceFunction(this, id, {
      ...{ settings: this.#settings, environment, files: filesOf(code.entry) },
      ...code,
    });
    allowStatements(run, this.#database.app);
    if (matches.includes(code.entry)) allowTransactions(run, this.#database.app);
    this.#migrations.runBefore(run);
    return run;
  }

  /** Outputs that users and smoke tests need to access a deployed service. */
  #outputs(api: Api, jobs: readonly Job[]): void {
    const output = (name: string, value: string) => new CfnOutput(this, name, { value });
    output('ApiUrl', api.url);
    output('DatabaseArn', this.#database.app.resourceArn);
    output('DatabaseName', this.#database.app.databaseName);
    output('DatabaseSecretArn', this.#database.app.secretArn);
    output('DatabaseMasterSecretArn', this.#database.master.secretArn);
    // Also while another cluster is set: a rollback to before that setting reads them from the data stack.
    output('OwnDatabaseArn', this.#database.own.resourceArn);
    output('OwnDatabaseMasterSecretArn', this.#database.own.secretArn);
    for (const { node, run, failures } of jobs) {
      output(`${pascalCase(node.id)}Function`, run.functionName);
      output(`${pascalCase(node.id)}FailuresUrl`, failures.queueUrl);
    }
  }
}

/** The files that a function reads at runtime. */
function filesOf(entry: string): BundledFiles {
  if (entry.startsWith('functions/report/') && !withoutReport.includes(entry)) return chartFiles;
  return entry === 'functions/service/handler.ts' ? { 'functions/openapi.json': 'openapi.json' } : {};
}

/** Converts a name for outputs, which allow only letters and digits. */
function pascalCase(name: string): string {
  return name.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}
