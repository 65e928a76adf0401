import * as z from 'zod';
import { environment } from '../../runtime/environment.ts';
import { email, environmentSettings } from '../../settings.ts';

/** Who sends a report, to which recipients, and who gets the answers. */
export interface MailSettings {
  readonly sender: string;
  readonly recipients: readonly string[];
  readonly replyTo: string;
}

const { REPORT_RECIPIENTS, REPORT_REPLY_TO } = environmentSettings;

/** The settings of a function that mails. */
export function mailSettings(): MailSettings {
  const settings = environment(z.object({ REPORT_SENDER: email, REPORT_RECIPIENTS, REPORT_REPLY_TO }));
  const { REPORT_SENDER: sender, REPORT_RECIPIENTS: recipients } = settings;
  return { sender, recipients, replyTo: settings.REPORT_REPLY_TO ?? sender };
}
