import { pointerToken } from '../contract/pointer.ts';
import { asSet, canonical, isSetLike } from './canonical.ts';
import type { Change } from './contract.ts';

type Json = Record<string, unknown>;

/** The differences between two configurations, by JSON Pointer (RFC 6901), sorted by name. Objects are compared recursively; a list is one
 *  setting, and a set-like list is compared as a set. An absent side is null.
 *  @example changesBetween({ rsi: 2.5 }, { rsi: 1.5 }) // [{ path: '/rsi', before: 2.5, after: 1.5 }] */
export function changesBetween(before: Json, after: Json): Change[] {
  return differences(before, after, '');
}

function differences(before: Json, after: Json, base: string): Change[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap((name) => {
    const path = `${base}/${pointerToken(name)}`;
    const was = Object.hasOwn(before, name) ? before[name] : undefined;
    const is = Object.hasOwn(after, name) ? after[name] : undefined;
    if (isObject(was) && isObject(is)) return differences(was, is, path);
    if (comparable(name, was) === comparable(name, is)) return [];
    return [{ path, before: was ?? null, after: is ?? null }];
  });
}

/** A text for comparison. Absent and null differ: a setting that appears with the value null has changed. */
function comparable(name: string, value: unknown): string {
  return value === undefined ? '' : canonical(isSetLike(name, value) ? asSet(value) : value);
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
