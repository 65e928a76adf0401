/** A queue of work: a schedule fills it, and a function empties it. SQS has it on AWS, memory has it locally. */
export interface QueueDefinition {
  readonly name: 'nightly-bots' | 'mailings';
  readonly entry: string;
  /** The variable that tells a function its address. */
  readonly variable: 'NIGHTLY_BOTS_URL' | 'MAILINGS_URL';
  /** Most messages of one invocation, and most invocations at once. */
  readonly batch: number;
  readonly atOnce: number;
  /** Deliveries of a message that fails, before it is given up. */
  readonly attempts: number;
  /** The consequence for users when a message was given up, for the alarm. */
  readonly impact: string;
}

/** The bots of a night. Each message is one bot, so that one that fails is given up alone. */
export const nightlyBots: QueueDefinition = {
  name: 'nightly-bots',
  entry: 'functions/summaries/nightly-bots.ts',
  variable: 'NIGHTLY_BOTS_URL',
  batch: 25,
  atOnce: 5,
  attempts: 3,
  impact:
    'The last trading day of a bot is not summarized: its comparison and report show older figures until the next night.',
};

/** Reports to recipients that bots have of their own, one at a time: each takes as long as the report of the deployment. */
export const mailings: QueueDefinition = {
  name: 'mailings',
  entry: 'functions/report/mailings.ts',
  variable: 'MAILINGS_URL',
  batch: 1,
  atOnce: 5,
  attempts: 3,
  impact: 'A report was not sent to all of the recipients that a bot has of its own.',
};
