import { verdictFor } from '../../comparison/comparison.ts';
import type { ComparisonSettings } from '../../comparison/settings.ts';
import type { Database } from '../../database/database.ts';
import { experimentById } from '../../experiments/experiments.ts';
import { shortDay } from '../../summaries/days.ts';
import * as store from './store.ts';

interface Request {
  readonly bot_id: string;
  readonly settings: ComparisonSettings;
  readonly before: string;
}

/** Sentences that correct the verdicts of the last mail before a day, when late changes have altered them; null when they still hold. */
export async function correctionOf(database: Database, request: Request): Promise<string | null> {
  const corrections = await Promise.all([ofComparison(database, request), ofExperiment(database, request)]);
  return corrections.filter((sentence) => sentence !== null).join(' ') || null;
}

async function ofComparison(database: Database, { bot_id, settings, before }: Request): Promise<string | null> {
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
  return now && corrected('The verdict', mailed, now);
}

async function ofExperiment(database: Database, { bot_id, settings, before }: Request): Promise<string | null> {
  const mailed = await store.lastMailedExperiment(database, bot_id, before);
  if (!mailed) return null;
  const at = { now: new Date(mailed.ends_at), material: settings.material };
  const { verdict } = await experimentById(database, mailed.experiment_id, at);
  return corrected('The verdict on the test', mailed, verdict);
}

function corrected(
  what: string,
  mailed: { readonly date: string; readonly verdict: string; readonly decided_on: string | null },
  now: { readonly kind: string; readonly decided_on: string | null },
): string | null {
  if (now.kind === mailed.verdict && now.decided_on === mailed.decided_on) return null;
  const quoted = (kind: string, decided: string | null) =>
    `“${kind.replaceAll('_', ' ')}”${decided ? ` of ${shortDay(decided)}` : ''}`;
  return `${what} in the report of ${shortDay(mailed.date)} was ${quoted(mailed.verdict, mailed.decided_on)}. After late changes to its days, it is ${quoted(now.kind, now.decided_on)}.`;
}
