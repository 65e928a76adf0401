import type { DatabaseSync } from 'node:sqlite';
import { correctFill } from '../../functions/trades/contract.ts';
import { type Api, UnexpectedStatus } from '../service/api.ts';
import { rows } from './staging.ts';

/** Voids the fills that the exchange undid after an earlier import had sent them. @returns how many */
export async function sendUndone(staging: DatabaseSync, api: Api): Promise<number> {
  let voided = 0;
  for (const { bot_id, fill_id } of rows<{ bot_id: string; fill_id: string }>(staging, 'SELECT * FROM undone'))
    if (await isVoided(api, { bot_id, fill_id })) voided += 1;
  return voided;
}

/** False for a fill that the service does not have (404), or that is void already. */
async function isVoided(api: Api, fill: { readonly bot_id: string; readonly fill_id: string }): Promise<boolean> {
  try {
    const { body } = await api(correctFill, { body: { ...fill, void: true, reason: 'Undone by the exchange' } });
    return body.changed;
  } catch (error) {
    if (error instanceof UnexpectedStatus && (error.status === 404 || error.status === 409)) return false;
    throw error;
  }
}
