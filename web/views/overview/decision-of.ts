import { api, type Schema } from '../../api/client.ts';

const live: readonly string[] = ['scheduled', 'running', 'paused'];

/** What decides about a bot: its latest test, which is fairer than before and after, as long as the bot trades with one of the settings that
 *  it compares; or else the comparison of its settings. */
export interface BotDecision {
  readonly verdict: { readonly kind: Schema['Verdict']['kind']; readonly summary: string };
  readonly next: Schema['Verdict']['next_step'] | undefined;
  /** The test, where it decides. */
  readonly experiment_id: string | undefined;
}

/** Verdicts change once a day, and are asked for less often. */
const slowly = { refetchInterval: 60_000, staleTime: 30_000 };

/** The decision about a bot; undefined while it is on its way, null without settings. */
export function useDecision({ bot_id }: Schema['Bot']): BotDecision | null | undefined {
  const comparison = api.useQuery('get', '/comparison', { params: { query: { bot_id } } }, slowly);
  const tests = api.useQuery('get', '/experiments', { params: { query: { bot_id, limit: 1 } } }, slowly);
  const newest = api.useQuery('get', '/snapshots', { params: { query: { bot_id, limit: 1 } } }, slowly);
  const latest = tests.data?.experiments[0];
  const hash = newest.data?.snapshots[0]?.config_hash;
  const decides =
    latest &&
    (live.includes(latest.status) || [latest.baseline, latest.candidate].some((arm) => arm.config_hash === hash));
  const experiment_id = decides ? latest.experiment_id : undefined;
  const path = { experiment_id: experiment_id ?? '' };
  const test = api.useQuery(
    'get',
    '/experiments/{experiment_id}',
    { params: { path } },
    { ...slowly, enabled: experiment_id !== undefined },
  );
  if (!comparison.data || !tests.data || !newest.data) return undefined;
  if (experiment_id !== undefined) return test.data && { verdict: test.data.verdict, next: undefined, experiment_id };
  const { verdict } = comparison.data;
  return verdict && { verdict, next: verdict.next_step, experiment_id: undefined };
}
