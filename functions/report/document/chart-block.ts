import type { Chart } from '../charts/chart.ts';
import type { Block } from './blocks.ts';

/** A chart where there is something to draw. */
export const chartBlock = (chart: Chart | null): Block[] => (chart ? [{ type: 'chart', chart }] : []);
