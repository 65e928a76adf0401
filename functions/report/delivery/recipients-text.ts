import type { BotSettings } from '../../service/contract.ts';

/** Who gets the reports of a bot, and when.
 *  @example recipientsText({ recipients: ['ann@example.org'], time_zone: 'Asia/Tokyo', quiet_hours: null }) // 'to ann@example.org, by the clock of Asia/Tokyo' */
export function recipientsText({ recipients, time_zone, quiet_hours }: BotSettings): string {
  if (recipients === null) return 'to the recipients of the deployment';
  const zone = time_zone === null ? [] : [`by the clock of ${time_zone}`];
  const quiet = quiet_hours === null ? [] : [`never from ${quiet_hours.from} to ${quiet_hours.until}`];
  return [`to ${recipients.join(' and ')}`, ...zone, ...quiet].join(', ');
}
