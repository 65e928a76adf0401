import { comparison } from './comparison.ts';
import { ingest } from './ingest.ts';
import { oldWay } from './old-way.ts';
import { report } from './report.ts';
import { single } from './single.ts';
import { summaries } from './summaries.ts';

/** What is measured on each engine, every part on a database of its own. */
export const parts = { single, ingest, summaries, comparison, report, 'old-way': oldWay };
export type PartName = keyof typeof parts;
