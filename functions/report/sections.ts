import type { DailySection, Performance, WeeklySection } from './contract.ts';

/** What a report says of one bot. */
export type Section = DailySection | WeeklySection;

/** What the bot earned in the days that the report covers. */
export const performanceOf = (section: Section): Performance => ('day' in section ? section.day : section.week);

/** Of each bot a dozen statements are under way at once. */
const BOTS_AT_ONCE = 3;

/** A section for each bot, a few of them read side by side, the most urgent first. */
export async function sectionsOf<Read extends Section>(
  bots: readonly string[],
  read: (bot_id: string) => Promise<Read>,
): Promise<Read[]> {
  const sections: Read[] = [];
  for (let i = 0; i < bots.length; i += BOTS_AT_ONCE)
    sections.push(...(await Promise.all(bots.slice(i, i + BOTS_AT_ONCE).map(read))));
  return sections.toSorted(mostUrgentFirst);
}

/** Bots that did something come before those that did not, and among them those with a decision to act on. */
const mostUrgentFirst = (a: Section, b: Section): number => urgencyOf(b) - urgencyOf(a);

const urgencyOf = (section: Section): number => 2 * Number(wasActive(section)) + Number(isDecided(section));

const wasActive = (section: Section): boolean => performanceOf(section).total_trades > 0 || section.coverage.orders > 0;

const isDecided = ({ verdict }: Section): boolean => verdict?.kind === 'keep' || verdict?.kind === 'revert';
