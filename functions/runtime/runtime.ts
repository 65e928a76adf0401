import { Logger } from '@aws-lambda-powertools/logger';
import { RDSDataClient } from '@aws-sdk/client-rds-data';
import * as z from 'zod';
import { dataApi } from '../database/data-api.ts';
import type { Database } from '../database/database.ts';
import { environment } from './environment.ts';

/** What the code needs from its environment. */
export interface Runtime {
  readonly database: Database;
  readonly now: () => Date;
  readonly logger: Logger;
}

const client = new RDSDataClient({});
const target = environment(
  z.object({
    DATABASE_RESOURCE_ARN: z.string().min(1),
    DATABASE_SECRET_ARN: z.string().min(1),
    DATABASE_NAME: z.string().min(1),
  }),
);

/** JSON lines on standard output, at `LOG_LEVEL`. */
export const logger = new Logger();

/** Creates the runtime of one invocation. Its database calls end when `signal` is aborted. */
export function runtimeUntil(signal: AbortSignal): Runtime {
  return {
    database: dataApi(
      client,
      {
        resourceArn: target.DATABASE_RESOURCE_ARN,
        secretArn: target.DATABASE_SECRET_ARN,
        database: target.DATABASE_NAME,
      },
      signal,
    ),
    now: () => new Date(),
    logger,
  };
}
