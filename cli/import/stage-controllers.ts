import type { DatabaseSync } from 'node:sqlite';
import { stageIn } from './stage.ts';
import { rows } from './staging.ts';

interface Started {
  readonly bot_id: string;
  readonly id: string;
  readonly at: string;
  readonly config: string;
  readonly place: string;
}

/** Controllers that start within this time of the first one belong to the same start of the bot. */
const SAME_START_MS = 60_000;

/** Stages a snapshot for each start of the bot, with the configurations of all controllers that it started. */
export function stageControllers(staging: DatabaseSync): void {
  const started = rows<Started>(staging, 'SELECT * FROM controllers ORDER BY bot_id, at, id');
  const stage = stageIn(staging);
  for (const ofBot of Map.groupBy(started, ({ bot_id }) => bot_id).values()) {
    let before = '';
    for (const start of starts(ofBot)) {
      const config = Object.fromEntries(start.map(({ id, config }) => [id, JSON.parse(config)]));
      const text = JSON.stringify(config);
      const [first] = start;
      if (first === undefined || text === before) continue;
      before = text;
      const notes = Object.keys(config).join(', ');
      stage(
        { kind: 'snapshot', id: null, snapshot: { config, notes, created_by: 'hummingbot', active_from: first.at } },
        { bot_id: first.bot_id, place: first.place },
      );
    }
  }
}

function* starts(started: readonly Started[]): Generator<Started[]> {
  let start: Started[] = [];
  for (const each of started) {
    const isSame = start[0] === undefined || Date.parse(each.at) - Date.parse(start[0].at) < SAME_START_MS;
    if (!isSame) {
      yield start;
      start = [];
    }
    start.push(each);
  }
  if (start.length > 0) yield start;
}
