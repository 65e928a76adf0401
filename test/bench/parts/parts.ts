import { comparison } from './comparison.ts';
import { ingest } from './ingest.ts';
import { nights } from './nights.ts';
import { oldWay } from './old-way.ts';
import { report } from './report.ts';
import { single } from './single.ts';
import { summaries } from './summaries.ts';

/** The parts that are measured on each engine, each on its own database. */
export const parts = { single, ingest, summaries, comparison, report, nights, 'old-way': oldWay };
export type PartName = keyof typeof parts;
