import { AwsClient } from 'aws4fetch';
import { sendAs, type withScratchDatabase } from '../../src/conformance/index.ts';

/** The cluster that the environment names, with the AWS credentials of the environment; null when it names none. */
export function realCluster(environment: NodeJS.ProcessEnv): Parameters<typeof withScratchDatabase>[0] | null {
  const { RDS_DATA_RESOURCE_ARN: resourceArn, RDS_DATA_SECRET_ARN: secretArn } = environment;
  if (!resourceArn || !secretArn) return null;
  const region = resourceArn.split(':')[3] ?? '';
  const aws = new AwsClient({
    accessKeyId: environment.AWS_ACCESS_KEY_ID ?? '',
    secretAccessKey: environment.AWS_SECRET_ACCESS_KEY ?? '',
    ...(environment.AWS_SESSION_TOKEN ? { sessionToken: environment.AWS_SESSION_TOKEN } : {}),
    service: 'rds-data',
    region,
  });
  const post = (url: string, body: object) =>
    aws.fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const endpoint = `https://rds-data.${region}.amazonaws.com`;
  return {
    sendTo: (database) => sendAs({ resourceArn, secretArn, database }, post, endpoint),
    database: environment.RDS_DATA_DATABASE ?? 'postgres',
    scratch: `conformance_${Date.now()}`,
  };
}
