/** Assumptions of the cost estimate, in addition to measured figures; each with its unit and source. */

/** Linked signals per fill. Users' bot has 5,000 signals and 60 fills per day. */
export const SIGNALS_PER_FILL = 83;

/** Sends of a bot per day: every 30 minutes. Chosen so that the database can pause in between. */
export const SENDS_PER_DAY = 48;

/** Most items per request, from the contract. */
export const FILLS_PER_REQUEST = 1000;
export const LINKS_PER_REQUEST = 500;

/** Scheduled runs per day that wake the database: the nightly summary and the daily report. `functions/schedules.ts` */
export const RUNS_PER_DAY = 2;

/** Statements of both runs, for one bot: about 10 and about 30, counted in the code. */
export const STATEMENTS_OF_RUNS = 40;

/** Bytes of a link with its indexes: 500 for the breakdown, and as much for the rest. Estimated, not measured. */
export const LINK_BYTES = 1000;

/** Idle seconds after which Aurora Serverless v2 pauses: the default, which the stack keeps; same page as below. */
export const PAUSE_AFTER = 300;

/** Seconds to resume, for which a request waits: 15 or more, according to
 *  https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2-auto-pause.html */
export const RESUME = 15;

/** ACU of an idle database: the smallest step above 0; same page. */
export const IDLE_ACU = 0.5;

/** ACU per core: an ACU is 2 GiB with a proportional share of CPU, and db.r6g.large has 16 GiB for 2 vCPU.
 *  https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.how-it-works.html */
export const ACU_PER_CORE = 4;
