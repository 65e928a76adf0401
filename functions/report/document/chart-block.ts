import type { Chart } from '../charts/chart.ts';
import type { Block } from './blocks.ts';

/** The block of a chart; none when there is nothing to draw. */
export const chartBlock = (chart: Chart | null): Block[] => (chart ? [{ type: 'chart', chart }] : []);
