import { createHash } from 'node:crypto';

/** The services that a message can be sent to. */
export const channelKinds = ['telegram', 'discord', 'slack', 'webhook'] as const;
export type ChannelKind = (typeof channelKinds)[number];

/** A report in a few sentences, with its chart. */
export interface Message {
  readonly kind: 'daily' | 'weekly';
  /** The last trading day that the report covers. */
  readonly date: string;
  /** Plain text, of at most 600 characters. */
  readonly text: string;
  /** null: the report has no chart, or it could not be drawn. */
  readonly chart: MessageChart | null;
}

export interface MessageChart {
  readonly png: Buffer;
  /** Alternative text. */
  readonly alt: string;
}

/** An HTTP request that sends a message, by POST. */
export interface ChannelRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | FormData;
}

/** Where messages go. Its URL is a secret: neither that nor a part of it may be logged, stored or in an error. */
export interface Channel {
  readonly kind: ChannelKind;
  /** Identifies the channel in the database, without its secret. It stays the same when the secret is changed. */
  readonly id: string;
  /** The parts of its URL that must appear nowhere. */
  readonly secrets: readonly string[];
  /** @param at the time of sending, which a signature includes */
  readonly request: (message: Message, at: Date) => ChannelRequest;
}

/** @param publicPart what identifies the channel and is no secret, such as a chat
 *  @example idOf('telegram', '123456/-100') // 'telegram:3f1c0a…' */
export const idOf = (kind: ChannelKind, publicPart: string): string =>
  `${kind}:${createHash('sha256').update(publicPart).digest('hex').slice(0, 16)}`;

/** A multipart form with the chart as a file. The runtime adds the content type with its boundary. */
export function formOf(fields: Readonly<Record<string, string>>, file: string, chart: MessageChart | null): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  if (chart) form.set(file, new Blob([new Uint8Array(chart.png)], { type: 'image/png' }), 'chart.png');
  return form;
}
