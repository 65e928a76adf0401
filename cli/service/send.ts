import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { readStack } from './outputs.ts';
import type { Place } from './place.ts';
import { requestOf, signedFetch } from './signed-fetch.ts';

/** Sends a request to a path of the service; a body as JSON, by POST. */
export type Send = (path: string, body?: unknown) => Promise<Response>;

/** A way to the service, wherever it is. */
export function sendTo({ url, stack, region }: Place): Send {
  return stack === undefined ? sendHere(url ?? localUrl()) : sendToAws(stack, region);
}

export const localUrl = (): string => `http://127.0.0.1:${process.env.PORT || 3000}`;

/** @throws Error that says how to start the service when it does not answer */
const sendHere =
  (url: string): Send =>
  (path, body) =>
    fetch(`${url}${path}`, requestOf(body)).catch(() => {
      throw new Error(`nothing answers at ${url}: start the service with npm start, or say where it is (--url)`);
    });

function sendToAws(stack: string, region: string | undefined): Send {
  const cloudFormation = new CloudFormationClient({ region });
  const signed = signedFetch(cloudFormation.config, 'execute-api');
  let url: Promise<string> | undefined;
  return async (path, body) => {
    url ??= readStack(cloudFormation, stack).then(({ outputs }) => outputs.ApiUrl);
    return signed(`${await url}${path}`, body);
  };
}
