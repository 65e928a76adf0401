import { verdictFor } from '../../comparison/comparison.ts';
import type { ComparisonSettings } from '../../comparison/settings.ts';
import type { Database } from '../../database/database.ts';
import { shortDay } from '../../summaries/days.ts';
import * as store from './store.ts';

/** What the last mail about a day before said of a decision, where late changes to its days have made it say something else. */
export async function correctionOf(
  database: Database,
  { bot_id, settings, before }: { bot_id: string; settings: ComparisonSettings; before: string },
): Promise<string | null> {
  const mailed = await store.lastMailedVerdict(database, bot_id, before);
  if (!mailed) return null;
  const { baseline_snapshot_id: baseline, candidate_snapshot_id: candidate, ...said } = mailed;
  const pair = { baseline, candidate };
  const now = await verdictFor(database, {
    bot_id,
    settings,
    at: mailed.ends_at,
    through: mailed.date,
    ...pair,
  });
  if (!now || (now.kind === said.verdict && now.decided_on === said.decided_on)) return null;
  const words = (kind: string, decided: string | null) =>
    `“${kind.replaceAll('_', ' ')}”${decided ? ` of ${shortDay(decided)}` : ''}`;
  return `The report of ${shortDay(said.date)} said ${words(said.verdict, said.decided_on)}. Late changes to its days make that ${words(now.kind, now.decided_on)}.`;
}
