import MailComposer from 'nodemailer/lib/mail-composer/index.js';
import { asHtml } from './as-html.ts';
import { asText } from './as-text.ts';
import { longDay } from './format.ts';
import type { Report } from './report.ts';

/** The report as a MIME message to one recipient, with an HTML and a text part. */
export function mailOf(report: Report, { sender, recipient }: { sender: string; recipient: string }): Promise<Buffer> {
  return new MailComposer({
    from: sender,
    to: recipient,
    subject: `Strategy report, ${longDay(report.date)}`,
    text: asText(report),
    html: asHtml(report),
    headers: { 'Auto-Submitted': 'auto-generated' },
  })
    .compile()
    .build();
}
