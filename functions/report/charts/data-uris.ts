import type { Logger } from '@aws-lambda-powertools/logger';
import type { Chart } from './chart.ts';
import { drawn } from './drawn.ts';

/** Where a page finds its charts: in itself. One that could not be drawn is its words. */
export async function dataUris(charts: readonly Chart[], logger: Logger): Promise<(chart: Chart) => string> {
  const results = await drawn(charts, logger);
  return (chart) => {
    const png = results.find((result) => result.chart === chart)?.png;
    return png ? `data:image/png;base64,${png.toString('base64')}` : 'data:,';
  };
}
