import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import { getDatabaseHealth } from '../../../functions/service/contract.ts';
import { type Api, UnexpectedStatus } from '../../service/api.ts';
import type { Checklist } from '../checklist.ts';

const Health = z.object({ time_zone: z.string() });

/** Most 503 responses while the database resumes. Each arrives after 24 s, with a Retry-After. */
const MAX_RETRIES = 4;

/** Sends the first request that needs the database, and waits while it resumes. */
export function checkDatabase({ check }: Checklist, api: Api): Promise<z.output<typeof Health> | null> {
  return check('GET /health/database: the database answers', async () =>
    Health.parse(await healthOf(api, MAX_RETRIES)),
  );
}

async function healthOf(api: Api, retries: number): Promise<unknown> {
  try {
    return (await api(getDatabaseHealth)).body;
  } catch (error) {
    if (!(error instanceof UnexpectedStatus && error.status === 503) || retries === 0) throw error;
    await pause(Number(error.headers.get('retry-after') ?? 1) * 1000);
    return healthOf(api, retries - 1);
  }
}
