import { asText, format, type Row } from '../format.ts';

const OWN_COLUMNS = new Set([
  ...['snapshot_id', 'bot_id', 'active_from', 'active_until', 'is_active', 'config_hash', 'config', 'rollback_of'],
  ...['notes', 'created_by', 'created_at', 'updated_at'],
]);

/** The old bot's snapshots: every column that is not listed above is a setting. */
export const strategySnapshots = format({
  name: 'strategy_snapshots',
  what: 'the old bot’s strategy_snapshots',
  columns: {
    id: ['snapshot_id'],
    from: ['active_from'],
    until: ['active_until'],
    config: ['config'],
    notes: ['notes'],
    created_by: ['created_by'],
  },
  needs: ['id', 'from'],
  *entries({ text, instant, json }, { row }) {
    yield {
      kind: 'snapshot',
      id: text('id'),
      snapshot: {
        config: json('config') ?? settingsOf(row),
        notes: text('notes'),
        created_by: text('created_by'),
        active_from: instant('from'),
        active_until: instant('until'),
      },
    };
  },
});

const settingsOf = (row: Row): Row =>
  Object.fromEntries(
    Object.entries(row)
      .filter(([name, value]) => !OWN_COLUMNS.has(name) && asText(value) !== null)
      .map(([name, value]) => [name, settingOf(value)]),
  );

/** A value of a dump, read as JSON, a PostgreSQL array, a number, a boolean or text, so that `-2.0` and `-2` are one number. */
function settingOf(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const text = value.trim();
  const list = /^\{([^:]*)\}$/.exec(text)?.[1];
  if (list !== undefined) return list === '' ? [] : list.split(',').map((item) => item.replaceAll(/^"|"$/g, ''));
  if (/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text)) return Number(text);
  if (/^(t|true|f|false)$/i.test(text)) return /^t/i.test(text);
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
