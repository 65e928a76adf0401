import { describe, expect, test } from 'vitest';
import { startService } from '../../support/service.ts';

const service = await startService();
const bot = () => `bot-${crypto.randomUUID()}`;
const save = (body: Record<string, unknown>, headers = {}) => service.call('POST /snapshots', { body, headers });

describe('saving a snapshot', () => {
  test('the same configuration posted twice is one snapshot', async () => {
    const bot_id = bot();
    const first = await save({ bot_id, config: { rsi: 2.5 } });
    const second = await save({ bot_id, config: { rsi: 2.5 } });

    expect(first.status).toBe(201);
    expect(second.status).toBe(200);
    expect(second.body).toMatchObject({ snapshot_id: first.body.snapshot_id, changed: false, changes: [] });
  });

  test('A, B, A is three snapshots and two hashes', async () => {
    const bot_id = bot();
    for (const rsi of [1, 2, 1]) await save({ bot_id, config: { rsi } });
    const { body } = await service.call('GET /snapshots', { query: { bot_id } });

    expect(body.snapshots).toHaveLength(3);
    expect(new Set(body.snapshots.map(({ config_hash }: { config_hash: string }) => config_hash)).size).toBe(2);
  });
});
