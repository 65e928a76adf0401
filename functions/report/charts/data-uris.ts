import type { Logger } from '@aws-lambda-powertools/logger';
import type { Chart } from './chart.ts';
import { drawCharts } from './drawn.ts';

/** Draws charts as data URIs, to embed in a page. For a chart that could not be drawn, the page shows the alternative text. */
export async function chartDataUris(charts: readonly Chart[], logger: Logger): Promise<(chart: Chart) => string> {
  const results = await drawCharts(charts, logger);
  return (chart) => {
    const png = results.find((result) => result.chart === chart)?.png;
    return png ? `data:image/png;base64,${png.toString('base64')}` : 'data:,';
  };
}
