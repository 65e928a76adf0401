/** What the functions call the local cluster and its database, and the two secrets that open it. */
export const RESOURCE_ARN = 'arn:aws:rds:us-east-1:000000000000:cluster:strategy-snapshots';
export const DATABASE_NAME = 'postgres';
export const APP_SECRET_ARN = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:strategy-snapshots/app';
export const MASTER_SECRET_ARN = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:strategy-snapshots/master';
