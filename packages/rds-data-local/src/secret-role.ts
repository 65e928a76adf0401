import type { DatabaseRole } from './engines/engine.ts';

/** The database role that a secret opens, by the end of its name; null for one that does not exist here. */
export function roleOfSecret(nameOrArn: string): DatabaseRole | null {
  if (nameOrArn.endsWith('/app')) return 'app';
  if (nameOrArn.endsWith('/master')) return 'master';
  return null;
}
