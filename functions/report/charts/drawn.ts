import type { Logger } from '@aws-lambda-powertools/logger';
import type { Chart } from './chart.ts';
import { pngOf } from './png.ts';

export interface DrawnChart {
  readonly chart: Chart;
  readonly png: Buffer;
}

/** Draws charts as PNGs. A chart that cannot be drawn is logged and left out: its alternative text remains, and the mail is sent. */
export async function drawCharts(charts: readonly Chart[], logger: Logger): Promise<DrawnChart[]> {
  const results: DrawnChart[] = [];
  for (const chart of charts) {
    try {
      results.push({ chart, png: await pngOf(chart) });
    } catch (error) {
      logger.error('chart not drawn', { chart: chart.id, error });
    }
  }
  return results;
}
