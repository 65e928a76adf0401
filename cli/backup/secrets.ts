import { redacted, redactedText } from '../../functions/contract/secrets.ts';
import { canonical } from '../../functions/snapshots/canonical.ts';
import { configHash } from '../../functions/snapshots/config-hash.ts';
import { exactly } from './exactly.ts';

type Row = Readonly<Record<string, unknown>>;

/** Columns of text for people to read, and of JSON that comes from a bot. */
const TEXTS = ['notes', 'created_by', 'reason'];
const DOCUMENTS = ['indicator_breakdown', 'settings'];
const TABLES = ['strategy_snapshots', 'snapshot_answers', 'trade_strategy_link', 'fill_corrections'];

/** A row of an export without secrets, which an earlier release stored as it got them. A configuration without its secrets has another
 *  hash: the one that the bot's next request gives it. */
export function withoutSecrets(table: string, text: string): string {
  if (!TABLES.includes(table)) return text;
  const row = exactly(text);
  const changes = { ...changedConfig(row), ...changedTexts(row), ...changedDocuments(row) };
  return Object.keys(changes).length > 0 ? JSON.stringify({ ...row, ...changes }) : text;
}

function changedConfig({ config }: Row): Row {
  if (typeof config !== 'string') return {};
  const clean = redacted(JSON.parse(config)) as Record<string, unknown>;
  const written = canonical(clean);
  return written === config ? {} : { config: written, config_hash: configHash(clean) };
}

const changedTexts = (row: Row): Row =>
  Object.fromEntries(
    TEXTS.flatMap((column) => {
      const text = row[column];
      if (typeof text !== 'string') return [];
      const clean = redactedText(text);
      return clean === text ? [] : [[column, clean]];
    }),
  );

const changedDocuments = (row: Row): Row =>
  Object.fromEntries(
    DOCUMENTS.flatMap((column) => {
      const text = JSON.stringify(row[column] ?? null);
      const clean = redacted(JSON.parse(text));
      return JSON.stringify(clean) === text ? [] : [[column, clean]];
    }),
  );
