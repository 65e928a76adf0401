import { type Run, strategyProcess } from '../strategy.ts';
import { SECRET_ACCESS_KEY, SESSION_TOKEN } from './aws.ts';

interface SmokeRun extends Run {
  /** The lines that begin with a mark, without the mark. */
  readonly marked: (mark: '✓' | '✗' | '–') => readonly string[];
}

type Environment = Readonly<Record<string, string>>;

/** `strategy smoke` with these arguments, and with only the AWS substitutes that listen at `aws`. */
export async function runSmoke(
  aws: string,
  args: readonly string[],
  environment: Environment = credentials,
): Promise<SmokeRun> {
  const run = await strategyProcess(['smoke', ...args], { ...awsAt(aws), ...environment });
  const lines = run.stdout.split('\n');
  return { ...run, marked: (mark) => lines.flatMap((line) => (line.startsWith(mark) ? [line.slice(2)] : [])) };
}

export const credentials: Environment = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'smoke',
  AWS_SECRET_ACCESS_KEY: SECRET_ACCESS_KEY,
  AWS_SESSION_TOKEN: SESSION_TOKEN,
};

/** An environment with only the AWS substitutes at this address. */
export const awsAt = (aws: string): Environment => ({
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_ENDPOINT_URL_CLOUDFORMATION: `${aws}/cloudformation`,
  AWS_ENDPOINT_URL_LAMBDA: `${aws}/lambda`,
  AWS_ENDPOINT_URL_SQS: `${aws}/sqs`,
  AWS_ENDPOINT_URL_RDS_DATA: `${aws}/rds-data`,
});
