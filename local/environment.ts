import { APP_SECRET_ARN, DATABASE_NAME, MASTER_SECRET_ARN, RESOURCE_ARN } from './arns.ts';

/** The addresses of the local substitutes for AWS. */
export interface Endpoints {
  /** The Data API and Secrets Manager. */
  readonly database: string;
  readonly ses: string;
}

/** Points the AWS SDK and the functions to this machine instead of AWS. Nothing here is a secret: the endpoints check no
 *  signature. */
export function functionEnvironment({ database, ses }: Endpoints): Record<string, string> {
  return {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_RDS_DATA: database,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: database,
    AWS_ENDPOINT_URL_SES: ses,
    POWERTOOLS_SERVICE_NAME: 'strategy-snapshots',
    // No service collects them here.
    POWERTOOLS_METRICS_DISABLED: 'true',
    DATABASE_RESOURCE_ARN: RESOURCE_ARN,
    DATABASE_SECRET_ARN: APP_SECRET_ARN,
    DATABASE_NAME,
  };
}

/** Only the migrator connects as the database's owner. */
export const migratorEnvironment = (timeZone: string): Record<string, string> => ({
  DATABASE_SECRET_ARN: MASTER_SECRET_ARN,
  APP_SECRET_ARN,
  TRADING_TIME_ZONE: timeZone,
});
