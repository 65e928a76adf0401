import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import { getDatabaseHealth } from '../../../functions/service/contract.ts';
import { type Api, UnexpectedStatus } from '../../service/api.ts';
import type { Checklist } from '../checklist.ts';

const Health = z.object({ time_zone: z.string() });

/** How often a 503 is taken for a database that resumes. Each comes after 24 s, and says when to ask again. */
const PATIENCE = 4;

/** The first request for the database, which may have to wait until it has resumed. */
export function checkDatabase({ check }: Checklist, api: Api): Promise<z.output<typeof Health> | null> {
  return check('GET /health/database: the database answers', async () => Health.parse(await healthOf(api, PATIENCE)));
}

async function healthOf(api: Api, patience: number): Promise<unknown> {
  try {
    return (await api(getDatabaseHealth)).body;
  } catch (error) {
    if (!(error instanceof UnexpectedStatus && error.status === 503) || patience === 0) throw error;
    await pause(Number(error.headers.get('retry-after') ?? 1) * 1000);
    return healthOf(api, patience - 1);
  }
}
