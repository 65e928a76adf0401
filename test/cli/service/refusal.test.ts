import { expect, test } from 'vitest';
import { bodyOf } from '../../../cli/service/refusal.ts';

test('the reason of a refusal is shown once, in the words of the service', async () => {
  const message = 'must not lie in the future';
  const problem = { title: 'Bad Request', detail: `date: ${message}`, errors: [{ path: 'date', message }] };
  await expect(bodyOf(Response.json(problem, { status: 400 }))).rejects.toThrow(/^date: must not lie in the future$/);
  await expect(bodyOf(Response.json({ message: 'Forbidden' }, { status: 403 }))).rejects.toThrow(/^Forbidden$/);
  await expect(bodyOf(new Response('<html>', { status: 502 }))).rejects.toThrow('answered 502');
});
