import type { DailyReport, DailySection } from '../contract.ts';
import { curvesPicture } from '../pictures/curves.ts';
import { differencePicture } from '../pictures/difference.ts';
import type { Block } from './blocks.ts';
import { changeBlocks } from './change.ts';
import { nameOf } from './format.ts';
import { headlineBlocks } from './headline.ts';
import { moneyBlocks } from './money.ts';
import { pictureBlock } from './picture-block.ts';
import { strategyBlocks } from './strategies.ts';
import { trustBlocks } from './trust.ts';

/** A bot's day: what to do, whether the change helped, where the money was made and lost, and whether to believe it. */
export function dailySection(section: DailySection, { complete, time_zone }: DailyReport): Block[] {
  const { verdict, looks, curves, strategies } = section;
  return [
    ...headlineBlocks(section, { pnl: 'P&L of the day', complete }),
    ...(section.correction ? [{ type: 'text', text: section.correction, strong: true } as const] : []),
    ...changeBlocks(section),
    ...pictureBlock(
      curvesPicture(
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
    ...pictureBlock(
      verdict && differencePicture({ looks, material_usd: verdict.material_usd, decided_on: verdict.decided_on }),
    ),
    ...strategyBlocks(strategies),
    ...moneyBlocks(section),
    ...trustBlocks(section, time_zone),
  ];
}
