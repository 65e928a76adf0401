import { counted } from '../../formatting.ts';
import { shortDay } from '../../summaries/days.ts';
import type { BlockedRecipient, FailedDelivery, Report } from '../contract.ts';
import type { Block } from './blocks.ts';
import { plain } from './plain.ts';

const names = { telegram: 'Telegram', discord: 'Discord', slack: 'Slack', webhook: 'the webhook' };
const kinds = { daily: 'daily report', weekly: 'weekly review' };

/** A sentence about a report that did not arrive, and what to do. */
function failedSentence({ kind, date, channel, status, recipients, reason }: FailedDelivery): string {
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

/** A sentence about an address that gets no reports any more, and what to do. */
function blockedSentence({ address, reason, detail, blocked_at }: BlockedRecipient): string {
  const what = { bounce: 'it bounced', complaint: 'its owner marked one as spam' }[reason];
  const because = detail === null ? '' : ` (${plain(detail, 120)})`;
  const to = plain(address, 80);
  return `No report is mailed to ${to} since ${shortDay(blocked_at.slice(0, 10))}: ${what}${because}. Correct the recipients, or mail it again: strategy unblock ${to}.`;
}

/** A sentence about each report that did not arrive, and each address that gets none. */
export const deliverySentences = ({ failed_deliveries, blocked_recipients }: Report): string[] => [
  ...failed_deliveries.map(failedSentence),
  ...blocked_recipients.map(blockedSentence),
];

/** The same as a list; nothing when everything arrived. */
export function deliveryBlocks(report: Report): Block[] {
  const items = deliverySentences(report);
  return items.length === 0 ? [] : [{ type: 'list', items }];
}
