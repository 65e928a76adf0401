import { nextStepSentence } from '../../../comparison/verdict/next-step.ts';
import type { Report } from '../../contract.ts';
import type { Section } from '../../sections.ts';
import type { Block } from '../blocks.ts';
import { linksTo } from '../page-links.ts';
import { plain } from '../plain.ts';
import { decisionBlock } from './daily.ts';
import { problemBlocks } from './problems.ts';

/** The section of one of several bots, below the line of each: what to do, and what is wrong. The full report has the rest. */
export const sectionOfSeveral = (section: Section, report: Pick<Report, 'dashboard_url' | 'date'>): Block[] => [
  { type: 'heading', level: 2, text: `Bot ${plain(section.bot_id, 64)}` },
  { ...decisionBlock(section), more: rollBack(section) },
  ...linksTo(section, report),
  ...problemBlocks(section),
];

/** The command, where the decision is to roll back. */
const rollBack = ({ verdict, experiments }: Section): string =>
  experiments.length === 0 && verdict?.next_step.kind === 'roll_back' ? nextStepSentence(verdict) : '';
