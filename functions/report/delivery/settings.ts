import * as z from 'zod';
import { environment } from '../../runtime/environment.ts';
import { email, environmentSettings } from '../../settings.ts';

/** Mail addresses: the sender, the recipients, and the address for replies. */
export interface MailSettings {
  readonly sender: string;
  readonly recipients: readonly string[];
  readonly replyTo: string;
  /** Of SES, which reports bounces and complaints of its mails; absent locally. */
  readonly configurationSet: string | undefined;
}

const { REPORT_RECIPIENTS, REPORT_REPLY_TO } = environmentSettings;

/** Reads the mail settings from the environment; null when there is no sender, so that reports only go to channels. */
export function mailSettings(): MailSettings | null {
  const settings = environment(
    z.object({
      REPORT_SENDER: email.optional(),
      REPORT_CONFIGURATION_SET: z.string().optional(),
      REPORT_RECIPIENTS,
      REPORT_REPLY_TO,
    }),
  );
  const { REPORT_SENDER: sender, REPORT_RECIPIENTS: recipients, REPORT_CONFIGURATION_SET: configurationSet } = settings;
  return sender === undefined
    ? null
    : { sender, recipients, replyTo: settings.REPORT_REPLY_TO ?? sender, configurationSet };
}
