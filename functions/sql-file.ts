import { readFileSync } from 'node:fs';

/** The text of an SQL file, by its path from here. It is copied to the same place next to the bundle. */
export const sqlFile = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
