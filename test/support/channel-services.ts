import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';
import { reuse } from './reused.ts';

const TELEGRAM_TOKEN = '123456:AAtelegram-secret';
const DISCORD_TOKEN = 'discord-secret';
const SLACK_TOKEN = 'slacksecret';
const WEBHOOK_PATH = 'hidden-path';
/** 24 bytes in base64. */
export const WEBHOOK_SECRET = 'd2ViaG9vay1zZWNyZXQtb2YtMjQtYnl0';

/** How a service treats the next messages: takes them; asks to wait once, and then takes them; asks to wait for an hour; refuses them; fails; takes
 *  them and fails; takes them and hangs up; never answers; points elsewhere. */
export type Treatment =
  | 'take'
  | 'limit once'
  | 'limit for an hour'
  | 'refuse'
  | 'fail'
  | 'take and fail'
  | 'take and hang up'
  | 'stay silent'
  | 'redirect';

/** A message that a service has taken. */
export interface Taken {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly form: FormData | null;
}

interface Answer {
  readonly status: number;
  readonly body: object | string;
  readonly headers?: Record<string, string>;
}

interface Protocol {
  /** Checks a request as the service documents; an answer other than 2xx refuses it. */
  readonly check: (request: Taken) => Answer;
  readonly limited: (seconds: number) => Answer;
  readonly refused: Answer;
  readonly failed: Answer;
}

/** https://core.telegram.org/bots/api: errors are `{ok: false, error_code, description}`, with `parameters.retry_after` in seconds. */
const telegram: Protocol = {
  check({ path, form }) {
    const error = (error_code: number, description: string): Answer => ({
      status: error_code,
      body: { ok: false, error_code, description },
    });
    const [, token, method] = /^\/bot([^/]+)\/(\w+)$/.exec(path) ?? [];
    if (token !== TELEGRAM_TOKEN) return error(401, 'Unauthorized');
    const field = (name: string) => String(form?.get(name) ?? '');
    if (field('chat_id') === '') return error(400, 'Bad Request: chat_id is empty');
    if (method === 'sendPhoto') {
      if (!(form?.get('photo') instanceof Blob)) return error(400, 'Bad Request: there is no photo in the request');
      if (field('caption').length > 1024) return error(400, 'Bad Request: message caption is too long');
    } else if (method === 'sendMessage') {
      if (field('text') === '') return error(400, 'Bad Request: message text is empty');
    } else return error(404, 'Not Found');
    return { status: 200, body: { ok: true, result: { message_id: 1, chat: { id: -100 } } } };
  },
  limited: (seconds) => ({
    status: 429,
    body: {
      ok: false,
      error_code: 429,
      description: `Too Many Requests: retry after ${seconds}`,
      parameters: { retry_after: seconds },
    },
  }),
  refused: {
    status: 403,
    body: { ok: false, error_code: 403, description: 'Forbidden: bot was kicked from the group chat' },
  },
  failed: { status: 502, body: { ok: false, error_code: 502, description: 'Bad Gateway' } },
};

/** https://docs.discord.com/developers/resources/webhook: a message after `wait=true`, otherwise 204; 429 has the seconds in the header, and
 *  with fractions in the body. */
const discord: Protocol = {
  check({ path, form }) {
    const { pathname, searchParams } = new URL(path, 'http://discord');
    if (pathname !== `/api/webhooks/42/${DISCORD_TOKEN}`)
      return { status: 401, body: { message: 'Invalid Webhook Token', code: 50027 } };
    const payload = JSON.parse(String(form?.get('payload_json') ?? '{}'));
    if (!payload.content && !form?.has('files[0]'))
      return { status: 400, body: { message: 'Cannot send an empty message', code: 50006 } };
    if (payload.content.length > 2000) return { status: 400, body: { message: 'Invalid Form Body', code: 50035 } };
    return searchParams.get('wait') === 'true' ? { status: 200, body: { id: '1' } } : { status: 204, body: '' };
  },
  limited: (seconds) => ({
    status: 429,
    headers: { 'retry-after': String(seconds) },
    body: { message: 'You are being rate limited.', retry_after: seconds - 0.35, global: false },
  }),
  refused: { status: 404, body: { message: 'Unknown Webhook', code: 10015 } },
  failed: { status: 500, body: { message: 'Internal Server Error', code: 0 } },
};

/** https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks: answers are plain text. */
const slack: Protocol = {
  check({ path, headers, body }) {
    if (path !== `/services/T1/B2/${SLACK_TOKEN}`) return { status: 404, body: 'no_team' };
    if (headers['content-type'] !== 'application/json') return { status: 400, body: 'invalid_payload' };
    const { text, blocks } = JSON.parse(body);
    if (!text) return { status: 400, body: 'no_text' };
    const tooLong = blocks.some((block: { text?: { text: string } }) => (block.text?.text.length ?? 0) > 3000);
    return tooLong ? { status: 400, body: 'invalid_blocks' } : { status: 200, body: 'ok' };
  },
  limited: (seconds) => ({ status: 429, headers: { 'retry-after': String(seconds) }, body: 'rate_limited' }),
  refused: { status: 410, body: 'channel_is_archived' },
  failed: { status: 500, body: 'rollup_error' },
};

/** A receiver of the user's own, which answers with what it was sent: its answer contains the address. */
const webhook: Protocol = {
  check: () => ({ status: 204, body: '' }),
  limited: (seconds) => ({ status: 429, headers: { 'retry-after': String(seconds) }, body: '' }),
  refused: { status: 401, body: `no route for /${WEBHOOK_PATH}` },
  failed: { status: 503, body: `no route for /${WEBHOOK_PATH}` },
};

const protocols = { telegram, discord, slack, webhook };
type Kind = keyof typeof protocols;

/** What must appear in no log, no error and no row. */
export const channelSecrets = ['AAtelegram-secret', DISCORD_TOKEN, SLACK_TOKEN, WEBHOOK_PATH, WEBHOOK_SECRET];

/** Starts servers that answer as the documents of Telegram, Discord and Slack say, and a webhook. Stopped after the test file. */
export async function startChannelServices() {
  const services = {
    telegram: await startChannelService(telegram),
    discord: await startChannelService(discord),
    slack: await startChannelService(slack),
    webhook: await startChannelService(webhook),
  } satisfies Record<Kind, unknown>;
  const { telegram: t, discord: d, slack: s, webhook: w } = services;
  return {
    ...services,
    urls: {
      telegram: `telegram+http://${TELEGRAM_TOKEN}@${t.host}/-1001`,
      discord: `discord+http://${d.host}/api/webhooks/42/${DISCORD_TOKEN}`,
      slack: `slack+http://${s.host}/services/T1/B2/${SLACK_TOKEN}`,
      webhook: `webhook+http://${WEBHOOK_SECRET}@${w.host}/${WEBHOOK_PATH}`,
    },
  };
}

async function startChannelService(protocol: Protocol) {
  const taken: Taken[] = [];
  let [calls, treatment]: [number, Treatment] = [0, 'take'];
  const isReused = reuse();
  const server = createServer(async (request, response) => {
    if (isReused(request.socket)) return request.socket.destroy();
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    calls += 1;
    const message = await messageIn(request, Buffer.concat(chunks));
    const take = () => {
      const answer = protocol.check(message);
      if (answer.status < 300) taken.push(message);
      return answer;
    };
    switch (treatment) {
      case 'take':
        return answerWith(response, take());
      case 'limit once':
        treatment = 'take';
        return answerWith(response, protocol.limited(1));
      case 'limit for an hour':
        return answerWith(response, protocol.limited(3600));
      case 'refuse':
        return answerWith(response, protocol.refused);
      case 'fail':
        return answerWith(response, protocol.failed);
      case 'take and fail':
        take();
        return answerWith(response, protocol.failed);
      case 'take and hang up':
        take();
        return request.socket.destroy();
      case 'stay silent':
        return undefined;
      case 'redirect':
        return answerWith(response, { status: 307, body: '', headers: { location: '/elsewhere' } });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  afterAll(close);
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** The messages that it has taken, in order. */
    taken,
    /** The number of requests, taken or not. */
    calls: () => calls,
    treat(how: Treatment) {
      [calls, treatment] = [0, how];
    },
    close,
  };
}

async function messageIn({ url = '', headers }: IncomingMessage, body: Buffer): Promise<Taken> {
  const type = headers['content-type'] ?? '';
  const isForm = type.startsWith('multipart/form-data');
  const form = isForm
    ? await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData()
    : null;
  return { path: url, headers, body: body.toString(), form };
}

function answerWith(response: ServerResponse, { status, body, headers = {} }: Answer): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const type = typeof body === 'string' ? 'text/plain' : 'application/json';
  response.writeHead(status, { 'content-type': type, ...headers }).end(text);
}
