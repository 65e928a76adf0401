import createClient from 'openapi-fetch';
import type { paths } from './contract.ts';

/** What a user of a generated client writes; every name and type in it comes from the OpenAPI document. */
export async function useService(baseUrl: string) {
  const client = createClient<paths>({ baseUrl });
  const saved = await client.POST('/snapshots', {
    params: { header: { 'Idempotency-Key': 'first' } },
    body: { config: { score_buy_target: 5.5 }, notes: 'Baseline', active_from: '2026-03-01T00:00:00Z' },
  });
  const bought = { fill_id: 'f-1', order_id: 'buy', symbol: 'BTC-USD', side: 'buy', price: '97000' } as const;
  const fills = await client.POST('/fills', { body: { ...bought, size: '0.001', filled_at: '2026-03-02T10:00:00Z' } });
  const snapshot = await client.GET('/snapshots/{snapshot_id}', {
    params: { path: { snapshot_id: saved.data?.snapshot_id ?? '' } },
  });
  const comparison = await client.GET('/comparison', { params: { query: { limit: 5 } } });
  const refused = await client.GET('/snapshots/current', { params: { query: { bot_id: 'nobody' } } });
  // @ts-expect-error a fill has no such side
  const wrong = await client.POST('/fills', { body: { ...bought, side: 'hold', size: '1', filled_at: 'now' } });
  return {
    changed: saved.data?.changed,
    accepted: fills.data?.accepted,
    notes: snapshot.data?.notes,
    open: comparison.data?.strategies[0]?.open_positions,
    verdict: comparison.data?.verdict?.kind,
    refused: refused.error && 'detail' in refused.error ? refused.error.detail : null,
    wrong: wrong.error && 'errors' in wrong.error ? wrong.error.errors : null,
  };
}
