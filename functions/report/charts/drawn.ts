import type { Logger } from '@aws-lambda-powertools/logger';
import type { Chart } from './chart.ts';
import { pngOf } from './png.ts';

export interface Drawn {
  readonly chart: Chart;
  readonly png: Buffer;
}

/** The charts that can be drawn. One that cannot stops no mail: its words stay, and the log says why. */
export async function drawn(charts: readonly Chart[], logger: Logger): Promise<Drawn[]> {
  const results: Drawn[] = [];
  for (const chart of charts) {
    try {
      results.push({ chart, png: await pngOf(chart) });
    } catch (error) {
      logger.error('chart not drawn', { chart: chart.id, error });
    }
  }
  return results;
}
