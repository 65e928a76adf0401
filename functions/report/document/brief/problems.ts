import { count, counted, percent } from '../../../formatting.ts';
import { thresholds } from '../../../thresholds.ts';
import { performanceOf, type Section } from '../../sections.ts';
import type { Block } from '../blocks.ts';
import { driftBlocks } from '../headline.ts';
import { plain } from '../plain.ts';

/** Sentences about what is wrong with the data of a bot; none when nothing is. */
export function problemsOf(section: Section): string[] {
  const { coverage, outside, waiting_days } = section;
  const unmatched = performanceOf(section).unmatched_sells + outside.unmatched_sells;
  const { link_rate, orders, fills_without_fee } = coverage;
  return [
    orders === 0 ? 'No order was filled: is the bot running?' : '',
    link_rate !== null && link_rate < thresholds.poorly_linked.link_rate
      ? `${linkedSentence(link_rate)} Make the bot send its links (POST /trade-links).`
      : '',
    waiting_days > 0
      ? `${counted(waiting_days, 'day')} ${waiting_days === 1 ? 'is' : 'are'} missing or due for recomputation: figures may still change.`
      : '',
    unmatched > 0
      ? `${counted(unmatched, 'closing order')} without a position to close: in no figure. Were positions opened before the bot sent its fills?`
      : '',
    ...outboxSentences(section),
    fills_without_fee > 0
      ? `${counted(fills_without_fee, 'fill')} without a fee: counted as free. Does the bot send its fees?`
      : '',
    ...section.reconciliations
      .filter(({ compared, agreed }) => agreed < compared)
      .map(
        ({ source, compared, agreed }) =>
          `${count(compared - agreed)} of ${counted(compared, 'trade')} differ from the records of ${plain(source, 40)}: strategy reconcile lists them.`,
      ),
    'late_changes' in section && section.late_changes.length > 0
      ? `${counted(section.late_changes.length, 'earlier day')} changed since ${section.late_changes.length === 1 ? 'it was' : 'they were'} mailed.`
      : '',
  ].filter((problem) => problem !== '');
}

const linkedSentence = (link_rate: number): string =>
  link_rate === 0
    ? 'No order is linked to its signal: all are attributed by time.'
    : `Only ${percent(link_rate)} of the orders are linked to their signal: the others are attributed by time.`;

/** What is wrong with the data of a bot; nothing when nothing is. */
export function problemBlocks(section: Section): Block[] {
  const problems = problemsOf(section);
  return [
    ...driftBlocks(section.coverage.drift),
    ...(problems.length === 0
      ? []
      : [{ type: 'text', text: 'What to fix', strong: true } as const, { type: 'list', items: problems } as const]),
  ];
}

/** Whether a section needs attention: something is wrong, or there is a decision. */
export const needsAttention = (section: Section): boolean =>
  problemBlocks(section).length > 0 || isDecision(section.experiments[0]?.verdict.kind ?? section.verdict?.kind);

const isDecision = (kind: string | undefined): boolean => kind === 'keep' || kind === 'revert';

/** What the bot's client could not deliver; nothing when it could, or reported nothing. */
function outboxSentences({ outbox }: Section): string[] {
  if (outbox === null) return [];
  const { refused, turned_away, damaged, last_refusal } = outbox;
  const because = last_refusal === null ? '' : `, the last because: ${plain(last_refusal, 120)}`;
  const sentences = [
    refused > 0 ? `The service refused ${counted(refused, 'record')} of the bot${because}.` : '',
    turned_away > 0 ? `${counted(turned_away, 'record')} found no room in the bot’s outbox.` : '',
    damaged > 0 ? `${counted(damaged, 'record')} ${damaged === 1 ? 'was' : 'were'} damaged in the bot’s outbox.` : '',
  ].filter(Boolean);
  return sentences.length === 0 ? [] : [sentences.join(' ')];
}
