import type { DailySection, Performance, WeeklySection } from './contract.ts';

/** What a report says of one bot. */
export type Section = DailySection | WeeklySection;

/** What the bot earned in the days that the report covers. */
export const performanceOf = (section: Section): Performance => ('day' in section ? section.day : section.week);

/** Bots that did something come before those that did not, and among them those with a decision to act on. */
export const mostUrgentFirst = (a: Section, b: Section): number => urgencyOf(b) - urgencyOf(a);

const urgencyOf = (section: Section): number => 2 * Number(wasActive(section)) + Number(isDecided(section));

const wasActive = (section: Section): boolean => performanceOf(section).total_trades > 0 || section.coverage.orders > 0;

const isDecided = ({ verdict }: Section): boolean => verdict?.kind === 'keep' || verdict?.kind === 'revert';
