import { expect, test } from 'vitest';
import { startService } from '../../support/service.ts';

const { call } = await startService();
const NOTES = '/snapshots/{snapshot_id}/notes';

async function saved(notes: string | null): Promise<string> {
  const { body } = await call('POST /snapshots', { body: { bot_id: crypto.randomUUID(), config: { a: 1 }, notes } });
  return body.snapshot_id;
}

test('notes can be edited, and the earlier ones are kept', async () => {
  const snapshot_id = await saved('RSI weigth 1.5');
  const edit = (body: object) => call(`POST ${NOTES}`, { path: { snapshot_id }, body });
  expect((await edit({ notes: 'RSI weight 1.5', edited_by: 'Ada' })).body).toMatchObject({
    snapshot_id,
    notes: 'RSI weight 1.5',
    changed: true,
  });
  expect((await edit({ notes: 'RSI weight 1.5', edited_by: 'Bob' })).body).toMatchObject({ changed: false });
  expect((await edit({ notes: null })).body).toMatchObject({ notes: null, changed: true });

  expect((await call(`GET ${NOTES}`, { path: { snapshot_id } })).body.edits).toMatchObject([
    { edited_by: null, before: 'RSI weight 1.5', after: null },
    { edited_by: 'Ada', before: 'RSI weigth 1.5', after: 'RSI weight 1.5' },
  ]);
  expect((await call('GET /snapshots/{snapshot_id}', { path: { snapshot_id } })).body.notes).toBeNull();
});

test('a secret in edited notes is never stored', async () => {
  const snapshot_id = await saved(null);
  const { body } = await call(`POST ${NOTES}`, {
    path: { snapshot_id },
    body: { notes: 'see https://user:hunter2secret@example.com/x' },
  });
  expect(JSON.stringify(body)).not.toContain('hunter2secret');
  expect(JSON.stringify((await call(`GET ${NOTES}`, { path: { snapshot_id } })).body)).not.toContain('hunter2secret');
});

test('notes of a snapshot that does not exist are a 404', async () => {
  const path = { snapshot_id: crypto.randomUUID() };
  expect((await call(`POST ${NOTES}`, { path, body: { notes: 'x' } })).status).toBe(404);
  expect((await call(`GET ${NOTES}`, { path })).status).toBe(404);
});
