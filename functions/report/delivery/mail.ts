import { createHash } from 'node:crypto';
import type { Logger } from '@aws-lambda-powertools/logger';
import MailComposer from 'nodemailer/lib/mail-composer/index.js';
import { chartDataUris } from '../charts/data-uris.ts';
import { drawCharts } from '../charts/drawn.ts';
import type { Report } from '../contract.ts';
import { strategiesCsv } from '../document/as-csv.ts';
import { asHtml } from '../document/as-html.ts';
import { asText } from '../document/as-text.ts';
import { documentOf } from '../document/document.ts';
import type { MailSettings } from './settings.ts';

/** Composes the MIME message for one recipient. */
export type MailTo = (recipient: string) => Promise<Buffer>;

interface MailHeaders extends Pick<MailSettings, 'sender' | 'replyTo'> {
  /** The Date header of the mail. */
  readonly at: string;
  /** The list of the recipients, who may be in others too. */
  readonly list_id: string;
}

/** Prepares the mail of a report: its brief form as HTML and text, charts, and as attachments the full report and the strategies as CSV. The report is rendered once
 *  for all recipients. */
export async function mailOf(
  report: Report,
  { sender, replyTo, at, list_id }: MailHeaders,
  logger: Logger,
): Promise<MailTo> {
  const { kind, date } = report;
  const document = documentOf(report, 'brief');
  const full = documentOf(report, 'full');
  const domain = sender.slice(sender.lastIndexOf('@') + 1);
  const cidOf = ({ id }: { id: string }) => `${id}.${kind}.${date}@${domain}`;
  const charts = await drawCharts(document.charts, logger);
  const mail = {
    from: { name: 'Strategy report', address: sender },
    replyTo,
    subject: document.subject,
    date: new Date(at),
    text: asText(document),
    html: asHtml(document, (chart) => `cid:${cidOf(chart)}`),
    attachments: [
      ...charts.map(({ chart, png }) => ({
        cid: cidOf(chart),
        filename: `${chart.id}.png`,
        contentType: 'image/png',
        contentDisposition: 'inline' as const,
        content: png,
      })),
      {
        filename: `full-report-${date}.html`,
        contentType: 'text/html; charset=utf-8',
        content: Buffer.from(asHtml(full, await chartDataUris(full.charts, logger))),
      },
      {
        filename: `strategies-${date}.csv`,
        contentType: 'text/csv; charset=utf-8',
        content: Buffer.from(strategiesCsv(report.bots)),
      },
    ],
    headers: {
      'Auto-Submitted': 'auto-generated',
      'List-Id': `Strategy report <${kind}.strategy-report.${domain}>`,
    },
  };
  return (recipient) => {
    const messageId = `<${kind}.${date}.${anonymous(list_id + recipient)}@${domain}>`;
    return new MailComposer({ ...mail, to: recipient, messageId }).compile().build();
  };
}

/** Identifies a recipient without revealing the address. */
const anonymous = (recipient: string): string => createHash('sha256').update(recipient).digest('hex').slice(0, 16);
