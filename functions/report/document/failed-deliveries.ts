import { counted } from '../../formatting.ts';
import { shortDay } from '../../summaries/days.ts';
import type { FailedDelivery, Report } from '../contract.ts';
import type { Block } from './blocks.ts';
import { plain } from './plain.ts';

const names = { telegram: 'Telegram', discord: 'Discord', slack: 'Slack', webhook: 'the webhook' };
const kinds = { daily: 'daily report', weekly: 'weekly review' };

/** A sentence about a report that did not arrive, and what to do. */
export function failedSentence({ kind, date, channel, status, recipients, reason }: FailedDelivery): string {
  const who =
    channel === 'mail'
      ? counted(recipients, 'mail recipient')
      : `${names[channel]}${recipients > 1 ? ` (${recipients} channels)` : ''}`;
  const what = `The ${kinds[kind]} of ${shortDay(date)}`;
  const because = reason === null ? '' : ` (${plain(reason, 120)})`;
  const again = `strategy report --resend --date ${date}${kind === 'weekly' ? ' --kind weekly' : ''}`;
  return status === 'refused'
    ? `${what} did not reach ${who}${because}. Fix the cause, then send it again: ${again}.`
    : `${what} may not have reached ${who}${because}. To send it again: ${again}.`;
}

/** What did not arrive; nothing when everything did. */
export const failedBlocks = ({ failed_deliveries }: Report): Block[] =>
  failed_deliveries.length === 0 ? [] : [{ type: 'list', items: failed_deliveries.map(failedSentence) }];
