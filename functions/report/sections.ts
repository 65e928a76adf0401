import type { DailySection, Performance, WeeklySection } from './contract.ts';

/** The section of one bot. */
export type Section = DailySection | WeeklySection;

/** The bot's performance in the days that the report covers. */
export const performanceOf = (section: Section): Performance => ('day' in section ? section.day : section.week);

/** Most bots read concurrently. Each runs a dozen concurrent statements. */
const CONCURRENT_BOTS = 3;

/** Reads a section for each bot, a few concurrently, and sorts the most urgent first. */
export async function sectionsOf<Read extends Section>(
  bots: readonly string[],
  read: (bot_id: string) => Promise<Read>,
): Promise<Read[]> {
  const sections: Read[] = [];
  for (let i = 0; i < bots.length; i += CONCURRENT_BOTS)
    sections.push(...(await Promise.all(bots.slice(i, i + CONCURRENT_BOTS).map(read))));
  return sections.toSorted(mostUrgentFirst);
}

/** Sorts active bots before idle ones, and within each group those with a decision to act on first. */
const mostUrgentFirst = (a: Section, b: Section): number => urgencyOf(b) - urgencyOf(a);

const urgencyOf = (section: Section): number => 2 * Number(wasActive(section)) + Number(isDecided(section));

const wasActive = (section: Section): boolean => performanceOf(section).total_trades > 0 || section.coverage.orders > 0;

const isDecided = ({ verdict }: Section): boolean => verdict?.kind === 'keep' || verdict?.kind === 'revert';
