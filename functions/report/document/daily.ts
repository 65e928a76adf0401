import { differenceChart } from '../charts/difference.ts';
import { curvesChart } from '../charts/equity-curves.ts';
import type { DailyReport, DailySection } from '../contract.ts';
import { changeBlocks } from './arms.ts';
import type { Block } from './blocks.ts';
import { chartBlock } from './chart-block.ts';
import { trustBlocks } from './data-quality.ts';
import { nameOf } from './format.ts';
import { headlineBlocks } from './headline.ts';
import { strategyBlocks } from './strategies.ts';
import { symbolBlocks } from './symbols.ts';
import { moneyBlocks } from './trade-groups.ts';

/** The daily section of a bot: what to do, whether the change helped, where money was made and lost, and the data quality. */
export function dailySection(section: DailySection, report: DailyReport): Block[] {
  const { verdict, looks, curves, strategies } = section;
  return [
    ...headlineBlocks(section, { pnl: 'P&L of the day', complete: report.complete }),
    ...(section.correction ? [{ type: 'text', text: section.correction, strong: true } as const] : []),
    ...changeBlocks(section),
    ...chartBlock(
      curvesChart(
        curves.map(({ snapshot_id, points }) => {
          const strategy = strategies.find((each) => each.snapshot_id === snapshot_id);
          return {
            snapshot_id,
            name: nameOf({ snapshot_id, notes: strategy?.notes ?? null }),
            active: strategy?.active_until === null,
            points,
          };
        }),
      ),
    ),
    ...chartBlock(
      verdict && differenceChart({ looks, material_usd: verdict.material_usd, decided_on: verdict.decided_on }),
    ),
    ...strategyBlocks(strategies),
    ...moneyBlocks(section),
    ...symbolBlocks(section.symbols),
    ...trustBlocks(section, report),
  ];
}
