import { expect, test } from 'vitest';
import { startService } from '../../support/service.ts';

const { call } = await startService();

test('a read carries an ETag, and is answered without a body as long as nothing has changed', async () => {
  const query = { bot_id: 'polled' };
  const config = { a: 1 };
  await call('POST /snapshots', { body: { ...query, config } });
  const first = await call('GET /snapshots', { query });
  expect(first.headers.etag).toMatch(/^"[\w-]{27}"$/);

  const poll = () =>
    call('GET /snapshots', { query, headers: { 'if-none-match': `"other", W/${first.headers.etag}` } });
  const again = await poll();
  expect({ status: again.status, etag: again.headers.etag, body: again.body }).toEqual({
    status: 304,
    etag: first.headers.etag,
    body: '',
  });

  await call('POST /snapshots', { body: { ...query, config: { a: 2 } } });
  const changed = await poll();
  expect(changed.status).toBe(200);
  expect(changed.headers.etag).not.toBe(first.headers.etag);
});

test('a write has no ETag', async () => {
  expect((await call('POST /snapshots', { body: { bot_id: 'written', config: {} } })).headers.etag).toBeUndefined();
});
