import { AsyncLocalStorage } from 'node:async_hooks';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { RDSDataClient } from '@aws-sdk/client-rds-data';
import { afterAll } from 'vitest';

/** An AWS call of a deployed function. */
export interface RecordedCall {
  /** The source file of the function. */
  readonly entry: string;
  readonly service: string;
  readonly command: string;
  readonly resources: readonly string[];
}

const { RECORDED_CALLS: file } = process.env;
const running = new AsyncLocalStorage<string>();
const known = new Set<string>();

/** Runs work of a function and records its AWS calls under its name. */
export const asFunction = <Result>(entry: string, work: () => Promise<Result>): Promise<Result> =>
  running.run(entry, work);

/** All calls recorded so far by the whole suite. */
export const recordedCalls = (): RecordedCall[] =>
  file && existsSync(file)
    ? readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    : [];

interface Client {
  readonly config: { readonly serviceId: string };
  send: (
    command: { readonly constructor: { readonly name: string }; readonly input: object },
    ...more: unknown[]
  ) => unknown;
}

/** The base class whose `send` all SDK clients share. */
const everyClient: Client = Object.getPrototypeOf(RDSDataClient.prototype);
const { send } = everyClient;
everyClient.send = function (this: Client, command, ...more) {
  const entry = running.getStore();
  if (file && entry)
    record(file, {
      entry,
      service: this.config.serviceId,
      command: command.constructor.name,
      resources: resourcesOf(command.input),
    });
  return send.call(this, command, ...more);
};
afterAll(() => {
  everyClient.send = send;
});

function record(file: string, call: RecordedCall): void {
  const line = JSON.stringify(call);
  if (known.has(line)) return;
  known.add(line);
  appendFileSync(file, `${line}\n`);
}

const resourcesOf = (input: object): string[] =>
  Object.entries(input).flatMap(([name, value]) =>
    ['resourceArn', 'secretArn', 'SecretId', 'ConfigurationSetName', 'QueueUrl'].includes(name) ? [String(value)] : [],
  );
