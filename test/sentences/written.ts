import { readFileSync } from 'node:fs';
import { parseAst } from 'vitest/node';

/** A sentence, or a part of one, as a source file has it: its fixed parts, with what is filled in between them. */
export type Written = readonly string[];

interface Node {
  readonly type: string;
  readonly value?: unknown;
  readonly quasis?: readonly { readonly value: { readonly cooked: string } }[];
  readonly [key: string]: unknown;
}

/** Fields that are code and not for readers: types, names of modules, keys. */
const SKIPPED = ['typeAnnotation', 'typeArguments', 'typeParameters', 'returnType', 'source', 'key'];
const SKIPPED_TYPES = /^TS(?!As|Satisfies|NonNull)|^Import|^ExportAll|^TaggedTemplate/;

/** The texts of a source file that people read: strings and templates of at least two words with a small letter. */
export function writtenIn(file: string): Written[] {
  const found: Written[] = [];
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) for (const each of node) walk(each);
    if (typeof node !== 'object' || node === null || !('type' in node)) return;
    const each = node as Node;
    if (SKIPPED_TYPES.test(each.type)) return;
    if (each.type === 'Literal' && typeof each.value === 'string') found.push([each.value]);
    if (each.type === 'TemplateLiteral') found.push((each.quasis ?? []).map(({ value }) => value.cooked));
    for (const [field, value] of Object.entries(each)) if (!SKIPPED.includes(field)) walk(value);
  };
  walk(parseAst(readFileSync(file, 'utf8'), { lang: 'ts' }));
  return found.filter((parts) => isProse(parts.join('…')) && !isSql(parts.join('…')));
}

const isSql = (text: string): boolean => /\b(SELECT|INSERT|UPDATE|DELETE FROM|CREATE|json_extract)\b/.test(text);

const isProse = (text: string): boolean =>
  /\p{Ll}{2,}[,:;]? +\S*\p{L}{2,}|…[,;:]? [\p{Ll} ]{3,}|[\p{Ll} ]{3,} …/u.test(text);

/** @example shown(['about ', ' more']) // 'about … more' */
export const shown = (parts: Written): string => parts.join('…').replaceAll('\n', '⏎');
