import { type ClusterSettings, clusterOf } from '../cluster.ts';
import type { EngineSettings } from '../engines/open-engine.ts';
import { FAULTS_PATH } from '../faults/routes.ts';
import type { Options } from './options.ts';

/** The text that the command prints when it is ready: the address, the environment variables and the names to use in requests. */
export function banner({ engine, cluster, faultRoutes }: Options, url: string): string {
  return [
    `The RDS Data API over ${engineName(engine)}: ${url}`,
    '',
    `export AWS_ENDPOINT_URL_RDS_DATA=${url}`,
    `export AWS_ENDPOINT_URL_SECRETS_MANAGER=${url}`,
    `export AWS_REGION=${cluster.resourceArn.split(':')[3] || 'us-east-1'}`,
    '',
    ...requestMembers(cluster),
    ...(faultRoutes ? [`faults       ${url}${FAULTS_PATH}`] : []),
    '',
    'Ctrl-C stops it.',
  ].join('\n');
}

function engineName(engine: EngineSettings): string {
  if ('databaseUrl' in engine) return `the server at ${new URL(engine.databaseUrl).host}`;
  return engine.dataDir ? `PGlite in ${engine.dataDir}` : 'PGlite in memory';
}

function requestMembers(settings: ClusterSettings): string[] {
  const { resourceArn, database, secrets } = clusterOf(settings);
  return [
    `resourceArn  ${resourceArn}`,
    ...secrets.map(({ arn, username }) => `secretArn    ${arn} (the role ${username})`),
    `database     ${database}`,
  ];
}
