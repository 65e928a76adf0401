import * as z from 'zod';
import { onEvent } from '../runtime/event.ts';
import { publish } from '../runtime/metrics.ts';
import type { BlockedRecipient } from './contract.ts';
import { blockRecipients } from './delivery/blocked.ts';

const at = z.iso.datetime({ offset: true });

/** What SES reports of a mail, as EventBridge delivers it.
 *  @see https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html */
const MailEvent = z.object({
  detail: z.discriminatedUnion('eventType', [
    z.object({
      eventType: z.literal('Bounce'),
      bounce: z.object({
        bounceType: z.string(),
        bouncedRecipients: z.array(z.object({ emailAddress: z.string(), diagnosticCode: z.string().optional() })),
        timestamp: at,
      }),
    }),
    z.object({
      eventType: z.literal('Complaint'),
      complaint: z.object({
        complainedRecipients: z.array(z.object({ emailAddress: z.string() })),
        timestamp: at,
      }),
    }),
  ]),
});

/** Counts a bounce or a complaint, and stops mail to an address that bounced for good or complained. SES may report the same twice. */
export const handler = onEvent('mail event', MailEvent, async ({ detail }, { database }) => {
  const blocked = blockedBy(detail);
  if (blocked.length > 0) await blockRecipients(database, blocked);
  publish({ [detail.eventType === 'Bounce' ? 'Bounces' : 'Complaints']: 1, BlockedRecipients: blocked.length });
  return { event: detail.eventType, blocked: blocked.length };
});

/** Of a bounce only one for good: after any other the next report may arrive. */
function blockedBy(detail: z.output<typeof MailEvent>['detail']): BlockedRecipient[] {
  if (detail.eventType === 'Complaint') {
    const { complainedRecipients, timestamp: blocked_at } = detail.complaint;
    return complainedRecipients.map(({ emailAddress }) => ({
      ...{ address: addressIn(emailAddress), reason: 'complaint', detail: null, blocked_at },
    }));
  }
  const { bounceType, bouncedRecipients, timestamp: blocked_at } = detail.bounce;
  if (bounceType !== 'Permanent') return [];
  return bouncedRecipients.map(({ emailAddress, diagnosticCode: detail = null }) => ({
    ...{ address: addressIn(emailAddress), reason: 'bounce', detail, blocked_at },
  }));
}

/** SES repeats the recipient as it was sent, with a name perhaps. @example addressIn('Ann <ann@example.org>') // 'ann@example.org' */
const addressIn = (recipient: string): string => /<([^<>]+)>\s*$/.exec(recipient)?.[1] ?? recipient;
