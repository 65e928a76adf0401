/** What the cost on paper rests on besides what is measured: each with its unit and where it comes from. */

/** Bot: signals for each of its fills, of which it links every one. Users' bot: 5,000 signals and 60 fills a day. */
export const SIGNALS_A_FILL = 83;

/** Bot: how often a day it sends what it has: every 30 minutes. Chosen, so that the database may sleep in between. */
export const SENDS_A_DAY = 48;

/** The contract: the most that one request takes. */
export const FILLS_A_REQUEST = 1000;
export const LINKS_A_REQUEST = 500;

/** Schedules that wake the database: the night's summary and the morning's report. `functions/schedules.ts` */
export const RUNS_A_DAY = 2;

/** Statements of both runs, for one bot: some 10 and some 30, counted in the code. */
export const STATEMENTS_OF_RUNS = 40;

/** Bytes that a link takes with its indexes: 500 of breakdown, as much again for the rest. Estimated, not measured. */
export const LINK_BYTES = 1000;

/** Seconds without a request after which Aurora Serverless v2 pauses: its default, which the stack keeps, same page as below. */
export const PAUSE_AFTER = 300;

/** Seconds that it takes to resume, of which a request waits all: 15 or more, says
 *  https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2-auto-pause.html */
export const RESUME = 15;

/** ACU of a database that is awake and idle: the least step above 0, same page. */
export const IDLE_ACU = 0.5;

/** ACU that are one core: an ACU is 2 GiB with its share of CPU, and db.r6g.large has 16 GiB for 2 vCPU.
 *  https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.how-it-works.html */
export const ACU_A_CORE = 4;
