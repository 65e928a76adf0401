import * as z from 'zod';
import { environment } from '../../runtime/environment.ts';

/** Who sends a report, to whom, and who gets the answers. */
export interface MailSettings {
  readonly sender: string;
  readonly recipients: readonly string[];
  readonly replyTo: string;
}

/** The settings of a function that mails. */
export function mailSettings(): MailSettings {
  const { REPORT_SENDER, REPORT_RECIPIENTS, REPORT_REPLY_TO } = environment(
    z.object({
      REPORT_SENDER: z.string().min(3),
      REPORT_RECIPIENTS: z.string().transform((list) =>
        list
          .split(',')
          .map((address) => address.trim())
          .filter(Boolean),
      ),
      REPORT_REPLY_TO: z.string().optional(),
    }),
  );
  return { sender: REPORT_SENDER, recipients: REPORT_RECIPIENTS, replyTo: REPORT_REPLY_TO || REPORT_SENDER };
}
