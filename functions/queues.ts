/** A queue of work: a schedule fills it, and a function empties it. SQS has it on AWS, memory has it locally. */
export interface QueueDefinition {
  readonly name: 'nightly-bots';
  readonly entry: string;
  /** The variable that tells a function its address. */
  readonly variable: 'NIGHTLY_BOTS_URL';
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
