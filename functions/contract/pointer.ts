/** Escapes a key for a JSON Pointer (RFC 6901). @example pointerToken('a/b') // 'a~1b' */
export const pointerToken = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');
