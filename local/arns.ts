/** The ARN and the name of the local database, and the ARNs of the secrets of its two roles. */
export const RESOURCE_ARN = 'arn:aws:rds:us-east-1:000000000000:cluster:strategy-snapshots';
export const DATABASE_NAME = 'postgres';
export const APP_SECRET_ARN = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:strategy-snapshots/app';
export const MASTER_SECRET_ARN = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:strategy-snapshots/master';
