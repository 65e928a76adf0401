import { startService } from '../../support/service.ts';

/** A unique bot id. */
export const bot = () => `bot-${crypto.randomUUID()}`;

/** An instant on a day of January. */
export const at = (day: number) => `2026-01-${String(day).padStart(2, '0')}T00:00:00Z`;

/** Starts a service, with helpers that save snapshots. */
export async function startSaving() {
  const service = await startService();
  const save = (body: Record<string, unknown>, headers = {}) => service.call('POST /snapshots', { body, headers });
  const current = async (bot_id: string) => (await service.call('GET /snapshots/current', { query: { bot_id } })).body;
  const list = async (bot_id: string) => (await service.call('GET /snapshots', { query: { bot_id } })).body.snapshots;
  return { service, save, current, list };
}
