import { execFile } from 'node:child_process';
import { nodeEnvironment } from '../../support/node.ts';
import { SECRET_ACCESS_KEY, SESSION_TOKEN } from './aws.ts';

export interface Run {
  readonly code: number;
  readonly output: string;
  /** The lines that begin with a mark, without it. */
  readonly marked: (mark: '✓' | '✗' | '–') => readonly string[];
}

type Environment = Readonly<Record<string, string>>;

/** `npm run smoke` with these arguments, and with no more of AWS than the stand-ins that listen at `aws`. */
export function runSmoke(aws: string, args: readonly string[], environment: Environment = credentials): Promise<Run> {
  const env = { ...nodeEnvironment(), ...awsAt(aws), ...environment };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ['cli/smoke/main.ts', ...args], { env }, (_error, stdout, stderr) => {
      const output = stdout + stderr;
      const marked = (mark: string) => output.split('\n').flatMap((l) => (l.startsWith(mark) ? [l.slice(2)] : []));
      resolve({ code: child.exitCode ?? -1, output, marked });
    });
  });
}

export const credentials: Environment = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'smoke',
  AWS_SECRET_ACCESS_KEY: SECRET_ACCESS_KEY,
  AWS_SESSION_TOKEN: SESSION_TOKEN,
};

/** No more of AWS than the stand-ins that listen there. */
export const awsAt = (aws: string): Environment => ({
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_ENDPOINT_URL_CLOUDFORMATION: `${aws}/cloudformation`,
  AWS_ENDPOINT_URL_LAMBDA: `${aws}/lambda`,
  AWS_ENDPOINT_URL_SQS: `${aws}/sqs`,
  AWS_ENDPOINT_URL_RDS_DATA: `${aws}/rds-data`,
});
