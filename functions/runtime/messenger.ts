import { setTimeout as pause } from 'node:timers/promises';
import type { Channel, Message } from '../report/channels/channel.ts';
import type { SendResult } from './mailer.ts';

export interface Messenger {
  /** Sends a message. Repeats only what the service certainly did not take: too many requests, or no connection. Never throws. */
  readonly send: (channel: Channel, message: Message) => Promise<SendResult>;
}

interface Limits {
  /** For each attempt, in milliseconds. */
  readonly timeoutMs: number;
  /** Longest pause before another attempt, in milliseconds: what asks for more is refused. */
  readonly longestPauseMs: number;
}

const ATTEMPTS = 3;

/** Pause in milliseconds where the service states none. */
const USUAL_PAUSE_MS = 1_000;

/** What became of one attempt. `again_ms`: it was not taken, and may be repeated after this pause. */
interface Attempt extends SendResult {
  readonly again_ms: number | null;
}

export const messenger = ({ timeoutMs = 15_000, longestPauseMs = 30_000 }: Partial<Limits> = {}): Messenger => ({
  async send(channel, message) {
    for (let left = ATTEMPTS - 1; ; left -= 1) {
      const { again_ms, ...result } = await attempt(channel, message, timeoutMs);
      if (again_ms === null || again_ms > longestPauseMs || left === 0) return result;
      await pause(again_ms);
    }
  },
});

async function attempt(channel: Channel, message: Message, timeoutMs: number): Promise<Attempt> {
  const { url, headers, body } = channel.request(message, new Date());
  try {
    const response = await fetch(url, {
      method: 'POST',
      // A kept connection may have been closed while Lambda froze this process, and a request that breaks off is not repeated.
      headers: { ...headers, connection: 'close' },
      body,
      // An address is a secret: it is not sent on to where a redirect points.
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await response.text().catch(() => '');
    return answered(channel, response, text);
  } catch (error) {
    return unanswered(error);
  }
}

/** 2xx: sent. 5xx: unknown, since the service may have taken the message before it failed. Anything else: refused. */
function answered(channel: Channel, { status, headers }: Response, body: string): Attempt {
  if (status >= 200 && status < 300) return { status: 'sent', message_id: null, error: null, again_ms: null };
  return {
    status: status >= 500 ? 'unknown' : 'refused',
    message_id: null,
    error: withoutSecrets(channel, [`HTTP ${status}`, reasonIn(channel, body)].filter(Boolean).join(': ')),
    again_ms: status === 429 ? pauseOf(headers, body) : null,
  };
}

/** Codes of errors before anything was sent. */
const NOT_CONNECTED = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
];

/** Without a connection: refused. Otherwise unknown. The error has only its code, since its text may contain the address. */
function unanswered(error: unknown): Attempt {
  const { name = '', cause } = error as { readonly name?: string; readonly cause?: { readonly code?: string } };
  const code = cause?.code ?? name;
  const connected = !NOT_CONNECTED.includes(code);
  return {
    status: connected ? 'unknown' : 'refused',
    message_id: null,
    error: connected ? `no answer (${code})` : `no connection (${code})`,
    again_ms: connected ? null : USUAL_PAUSE_MS,
  };
}

/** Seconds that the service asks to wait: in the header, or in the body as Telegram and Discord state it. */
function pauseOf(headers: Headers, body: string): number {
  const { retry_after, parameters } = objectIn(body) as {
    retry_after?: unknown;
    parameters?: { retry_after?: unknown };
  };
  const stated = [headers.get('retry-after') ?? undefined, parameters?.retry_after, retry_after].map(Number);
  const seconds = stated.filter((each) => Number.isFinite(each) && each >= 0);
  return seconds.length === 0 ? USUAL_PAUSE_MS : Math.ceil(1000 * Math.max(...seconds));
}

/** Most characters of a reason. */
const LONGEST_REASON = 200;

/** The reason in an answer of the three services. That of any other endpoint is not kept: it may repeat the address. */
function reasonIn({ kind }: Channel, body: string): string {
  if (kind === 'webhook') return '';
  const { description, message } = objectIn(body) as { description?: unknown; message?: unknown };
  const reason = [description, message, kind === 'slack' ? body : undefined].find((each) => typeof each === 'string');
  return String(reason ?? '').slice(0, LONGEST_REASON);
}

function objectIn(body: string): object {
  try {
    return Object(JSON.parse(body));
  } catch {
    return {};
  }
}

const withoutSecrets = ({ secrets }: Channel, text: string): string =>
  secrets.reduce((rest, secret) => rest.replaceAll(secret, '…'), text);
