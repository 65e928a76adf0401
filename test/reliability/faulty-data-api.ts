import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';

/** What the Data API, or the network before it, can do to a call. */
export type Fault =
  | 'resuming'
  | 'throttled'
  | 'failing'
  | 'cut off before it ran'
  | 'cut off after it ran'
  | 'slow'
  | 'silent'
  | 'timed out'
  | 'too large';

/** Which fault meets a call, if any, that was sent so many times before. */
export type Misbehaviour = (before: number) => Fault | null;

const SLOW_MS = 1_000;

/** What it answers in place of an answer: name, status, words. The statement of a result that is too large has run. */
const answers: Partial<Record<Fault, readonly [name: string, status: number, message: string]>> = {
  resuming: ['DatabaseResumingException', 400, 'The Aurora DB instance is resuming after being auto-paused.'],
  throttled: ['ThrottlingException', 400, 'Rate exceeded'],
  failing: ['InternalServerErrorException', 500, 'from the inside of the Data API'],
  'timed out': ['StatementTimeoutException', 400, 'canceling statement due to statement timeout on 10.0.0.7'],
  'too large': ['UnsupportedResultException', 400, 'The result exceeds the size limit 1 MB.'],
};
const runs: readonly Fault[] = ['slow', 'cut off after it ran', 'too large'];

/** A door before a Data API that misbehaves when it is told to. Ends with the test file. */
export async function startFaultyDataApi(behind: string) {
  let misbehaviour: Misbehaviour = () => null;
  let faults = 0;
  const met = new Map<string, number>();
  const waiting = new Set<ServerResponse>();

  const door = createServer(async (incoming, response) => {
    const body = await bodyOf(incoming);
    const call = `${incoming.url} ${body}`;
    const before = met.get(call) ?? 0;
    met.set(call, before + 1);
    const fault = misbehaviour(before);
    if (!fault) return pass(response, await forwarded(behind, incoming, body));
    faults += 1;
    const passed = runs.includes(fault) ? await forwarded(behind, incoming, body) : null;
    if (fault === 'silent') return waiting.add(response);
    const answer = answers[fault];
    if (answer) return refuse(response, answer);
    if (fault !== 'slow' || !passed) return incoming.socket.resetAndDestroy();
    setTimeout(() => pass(response, passed), SLOW_MS);
  });
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  const close = () => {
    door.closeAllConnections();
    door.close();
  };
  afterAll(close);

  return {
    url: `http://127.0.0.1:${(door.address() as AddressInfo).port}`,
    /** From now on; as it should be, where nothing is said. */
    misbehave(now: Misbehaviour = () => null) {
      misbehaviour = now;
      met.clear();
      for (const response of waiting) response.destroy();
      waiting.clear();
    },
    /** How many calls a fault has met. */
    faults: () => faults,
  };
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function forwarded(behind: string, { url = '/', headers }: IncomingMessage, body: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request(new URL(url, behind), { method: 'POST', headers: { ...headers, host: new URL(behind).host } })
      .on('response', async (response) =>
        resolve({ status: response.statusCode ?? 500, headers: response.headers, body: await bodyOf(response) }),
      )
      .on('error', reject)
      .end(body);
  });
}

function pass(response: ServerResponse, { status, headers, body }: Answer): void {
  const { 'x-amzn-errortype': error, 'content-type': type = 'application/json' } = headers;
  response.writeHead(status, { 'content-type': type, ...(error ? { 'x-amzn-errortype': error } : {}) }).end(body);
}

function refuse(response: ServerResponse, [name, status, message]: readonly [string, number, string]): void {
  response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': name });
  response.end(JSON.stringify({ message }));
}
