import { readFileSync } from 'node:fs';

/** Reads an SQL file, by its path relative to this folder. Deployments copy the files next to the bundle. */
export const sqlFile = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
