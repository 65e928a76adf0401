/** The repr() of a Python dict. */
const PYTHON_DICT = /^\s*\{.*'trigger': '([^']*)'/s;

/** A trigger as the old bot wrote it: `{"trigger": "LIMIT"}`, `{'trigger': 'LIMIT'}`, `"limit"` in quotes or plain text. */
export function triggerOf(written: unknown): string | null {
  if (typeof written === 'object' && written !== null && 'trigger' in written) return triggerOf(written.trigger);
  if (typeof written !== 'string') return null;
  const trigger = PYTHON_DICT.exec(written)?.[1] ?? written;
  return trigger.replaceAll(/^"|"$/g, '').trim().toLowerCase().slice(0, 100) || null;
}

/** The side that a trigger implies, where it does. */
export function sideOfTrigger(trigger: string | null): 'buy' | 'sell' | null {
  const words = new Set((trigger ?? '').split(/[^a-z]+/));
  const any = (...names: readonly string[]) => names.some((name) => words.has(name));
  if (any('sell', 'stop', 'sl', 'tp', 'profit', 'trailing', 'exit')) return 'sell';
  return any('buy', 'entry') ? 'buy' : null;
}
