import { api, type Schema } from '../../api/client.ts';

const live: readonly string[] = ['scheduled', 'running', 'paused'];

/** What decides about a bot: its test, which is fairer than before and after, as long as it runs or its end is later than the active
 *  settings' start; or else the comparison of its settings. */
export interface BotDecision {
  readonly verdict: { readonly kind: Schema['Verdict']['kind']; readonly summary: string };
  readonly next: Schema['Verdict']['next_step'] | undefined;
  /** The test, where it decides. */
  readonly experiment_id: string | undefined;
}

/** Verdicts change once a day, and are asked for less often. */
const slowly = { refetchInterval: 60_000, staleTime: 30_000 };

/** The decision about a bot; undefined while it is on its way, null without settings. */
export function useDecision({ bot_id, active_from }: Schema['Bot']): BotDecision | null | undefined {
  const comparison = api.useQuery('get', '/comparison', { params: { query: { bot_id } } }, slowly);
  const tests = api.useQuery('get', '/experiments', { params: { query: { bot_id, limit: 1 } } }, slowly);
  const latest = tests.data?.experiments[0];
  const decides = latest && (live.includes(latest.status) || active_from === null || latest.ends_at > active_from);
  const experiment_id = decides ? latest.experiment_id : undefined;
  const path = { experiment_id: experiment_id ?? '' };
  const test = api.useQuery(
    'get',
    '/experiments/{experiment_id}',
    { params: { path } },
    { ...slowly, enabled: experiment_id !== undefined },
  );
  if (!comparison.data || !tests.data) return undefined;
  if (experiment_id !== undefined) return test.data && { verdict: test.data.verdict, next: undefined, experiment_id };
  const { verdict } = comparison.data;
  return verdict && { verdict, next: verdict.next_step, experiment_id: undefined };
}
