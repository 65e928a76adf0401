import { basename } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { counted } from '../../functions/formatting.ts';
import { UsageError } from '../failure.ts';
import { settingsIn } from './settings-file.ts';
import { stageIn } from './stage.ts';
import { note, rows } from './staging.ts';

export interface ConfigOptions {
  /** The file with the settings that the strategy traded with. */
  readonly config: string;
  /** When they became active; null: with the first order. */
  readonly from: string | null;
  readonly notes: string | undefined;
}

/** Stages the settings as a snapshot of the one bot that has fills. Without fills nothing is staged.
 *  @throws UsageError when there are several bots; Error when the file is no JSON object */
export async function stageConfig(staging: DatabaseSync, { config, from, notes }: ConfigOptions): Promise<void> {
  const document = await settingsIn(config);
  const [bot, ...others] = rows<{ bot_id: string; first: string }>(
    staging,
    `SELECT bot_id, min(min(coalesce(json_extract(body, '$.placed_at'), filled_at), filled_at)) AS first
     FROM fills WHERE json_extract(body, '$.source') IS NOT 'manual' GROUP BY bot_id`,
  );
  if (bot === undefined) return note(staging, `The settings of ${config} are not sent: there are no fills.`);
  if (others.length > 0)
    throw new UsageError(`--config is the settings of one bot, and the files have ${others.length + 1}`);
  const { bot_id, first } = bot;
  stageIn(staging)(
    {
      kind: 'snapshot',
      id: null,
      isStated: true,
      snapshot: {
        config: document,
        notes: notes ?? basename(config),
        created_by: 'import',
        active_from: from ?? first,
      },
    },
    { bot_id, place: config },
  );
  const [{ before } = { before: 0 }] = rows<{ before: number }>(
    staging,
    `SELECT count(DISTINCT order_id) AS before FROM fills
     WHERE filled_at < ? AND json_extract(body, '$.source') IS NOT 'manual'`,
    from ?? first,
  );
  if (before > 0) note(staging, `${counted(before, 'order')} were filled before --from and count for no strategy.`);
}
