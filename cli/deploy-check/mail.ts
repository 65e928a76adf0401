import { GetAccountCommand, GetEmailIdentityCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { counted } from '../../functions/formatting.ts';
import { identitiesOf } from '../../infra/mail-identities.ts';
import type { Settings } from '../../infra/settings.ts';
import type { Checklist } from '../smoke/checklist.ts';
import { isNamed, Missing } from './missing.ts';

/** Checks that SES sends the reports: the identity of the sender, the sandbox, and the quota. */
export async function checkMail(
  { check, skip }: Checklist,
  { report_sender: sender, report_recipients }: Settings,
  region: string | undefined,
): Promise<void> {
  if (sender === null) return skip('SES may send reports', 'there is no report_sender');
  const recipients = report_recipients.length === 0 ? [sender] : report_recipients;
  const ses = new SESv2Client({ region });

  await check(
    `SES has verified ${sender}`,
    async () => {
      const identity = await verifiedIdentity(ses, sender);
      if (identity === null)
        throw new Missing('It has verified neither the address nor a domain of it', verify(sender));
      return identity;
    },
    (identity) => `by ${identity}`,
  );

  await check(
    `SES sends to ${counted(recipients.length, 'recipient')}`,
    async () => {
      const { ProductionAccessEnabled, SendingEnabled, SendQuota } = await ses.send(new GetAccountCommand({}));
      if (!SendingEnabled) throw new Missing('Sending is paused for this account', 'The SES console says why');
      const { Max24HourSend = 0, SentLast24Hours = 0 } = SendQuota ?? {};
      // -1: unlimited.
      if (Max24HourSend >= 0 && Max24HourSend - SentLast24Hours < recipients.length)
        throw new Missing(`Only ${Max24HourSend} mails a day are allowed, and ${SentLast24Hours} were sent`, MORE);
      if (ProductionAccessEnabled) return 'out of the sandbox';
      const unverified: string[] = [];
      for (const recipient of recipients)
        if ((await verifiedIdentity(ses, recipient)) === null) unverified.push(recipient);
      const [first] = unverified;
      if (first !== undefined)
        throw new Missing(
          `The account is in the sandbox, where recipients have to be verified too: ${unverified.join(', ')} ${unverified.length === 1 ? 'is' : 'are'} not`,
          `${verify(first)}; or ask to leave the sandbox in the SES console`,
        );
      return 'in the sandbox, but all of them are verified';
    },
    (how) => how,
  );
}

const MORE = 'Ask for more in the Service Quotas console';

const verify = (address: string): string =>
  `Run aws sesv2 create-email-identity --email-identity ${address}, and open the link in the mail`;

/** The most specific verified identity of an address; null when there is none. */
async function verifiedIdentity(ses: SESv2Client, address: string): Promise<string | null> {
  for (const EmailIdentity of identitiesOf(address)) {
    try {
      const { VerifiedForSendingStatus } = await ses.send(new GetEmailIdentityCommand({ EmailIdentity }));
      if (VerifiedForSendingStatus) return EmailIdentity;
    } catch (error) {
      if (!isNamed(error, 'NotFoundException')) throw error;
    }
  }
  return null;
}
