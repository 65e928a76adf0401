import { verdictFor } from '../../comparison/comparison.ts';
import type { ComparisonSettings } from '../../comparison/settings.ts';
import type { Database } from '../../database/database.ts';
import { shortDay } from '../../summaries/days.ts';
import * as store from './store.ts';

/** A sentence that corrects the verdict of the last mail before a day, when late changes have altered it; null when it still holds. */
export async function correctionOf(
  database: Database,
  { bot_id, settings, before }: { bot_id: string; settings: ComparisonSettings; before: string },
): Promise<string | null> {
  const mailed = await store.lastMailedVerdict(database, bot_id, before);
  if (!mailed) return null;
  const now = await verdictFor(database, {
    bot_id,
    settings,
    at: mailed.ends_at,
    through: mailed.date,
    baseline: mailed.baseline_snapshot_id,
    candidate: mailed.candidate_snapshot_id,
  });
  if (!now || (now.kind === mailed.verdict && now.decided_on === mailed.decided_on)) return null;
  const quoted = (kind: string, decided: string | null) =>
    `“${kind.replaceAll('_', ' ')}”${decided ? ` of ${shortDay(decided)}` : ''}`;
  return `The verdict in the report of ${shortDay(mailed.date)} was ${quoted(mailed.verdict, mailed.decided_on)}. After late changes to its days, it is ${quoted(now.kind, now.decided_on)}.`;
}
