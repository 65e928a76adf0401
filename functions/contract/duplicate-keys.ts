import { pointerToken } from './pointer.ts';

/** An object that is open while a text is read, or an array. */
interface Open {
  /** The names so far; null: an array. */
  readonly names: Set<string> | null;
  /** The name or the index of the value that is read next. */
  at: string | number;
}

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/** Finds the first name that an object has twice, of which JSON.parse would keep the last without a word.
 *  @param text valid JSON; it is read once, from left to right
 *  @returns its JSON Pointer; null when every name is unique
 *  @example duplicateKeyIn('[{"a": 1, "a": 2}]') // '/0/a' */
export function duplicateKeyIn(text: string): string | null {
  const stack: Open[] = [];
  for (let i = 0; i < text.length; i += 1) {
    const innermost = stack.at(-1);
    switch (text.charCodeAt(i)) {
      case OPEN_OBJECT:
        stack.push({ names: new Set(), at: '' });
        break;
      case OPEN_ARRAY:
        stack.push({ names: null, at: 0 });
        break;
      case CLOSE_OBJECT:
      case CLOSE_ARRAY:
        stack.pop();
        break;
      case COMMA:
        if (innermost?.names === null) innermost.at = Number(innermost.at) + 1;
        break;
      case QUOTE: {
        const end = endOfString(text, i);
        if (innermost?.names && isName(text, end)) {
          innermost.at = nameOf(text, i, end);
          if (innermost.names.has(innermost.at)) return stack.map(({ at }) => `/${pointerToken(String(at))}`).join('');
          innermost.names.add(innermost.at);
        }
        i = end;
        break;
      }
    }
  }
  return null;
}

/** The position of the quote that ends a string. */
function endOfString(text: string, begin: number): number {
  let end = text.indexOf('"', begin + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end === -1 ? text.length : end;
}

/** Whether an odd number of backslashes stands before a position. */
function isEscaped(text: string, position: number): boolean {
  let before = position;
  while (text.charCodeAt(before - 1) === BACKSLASH) before -= 1;
  return (position - before) % 2 === 1;
}

/** Whether a string is the name of a member: a colon follows. */
function isName(text: string, end: number): boolean {
  let next = end + 1;
  while (/\s/.test(text.charAt(next))) next += 1;
  return text.charCodeAt(next) === COLON;
}

/** The name without its escapes: "a" and "\u0061" are one. */
function nameOf(text: string, begin: number, end: number): string {
  const raw = text.slice(begin + 1, end);
  return raw.includes('\\') ? JSON.parse(text.slice(begin, end + 1)) : raw;
}
