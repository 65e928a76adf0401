import type { Row } from '../format.ts';

export interface Table {
  readonly name: string;
  readonly columns: ReadonlySet<string>;
  readonly rows: AsyncIterable<Row>;
}

/** @example columnName('Created at') // 'created_at' */
export const columnName = (written: string): string => written.trim().toLowerCase().replaceAll(/\s+/g, '_');
