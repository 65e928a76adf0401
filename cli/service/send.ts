import type { ServiceLocation } from './location.ts';
import { type RequestOptions, requestOf } from './request.ts';

/** Sends a request to a path of the service; a body as JSON. */
export type Send = (path: string, body?: unknown, options?: RequestOptions) => Promise<Response>;

/** Requests to the service, wherever it is. When `signal` is aborted, they fail with its reason. */
export function sendTo({ url, stack, region }: ServiceLocation, signal?: AbortSignal): Send {
  return stack === undefined ? sendHere(url ?? localUrl(), signal) : sendToAws(stack, region);
}

const localUrl = (): string => `http://127.0.0.1:${process.env.PORT || 3000}`;

/** @throws Error with advice when nothing answers */
const sendHere =
  (url: string, signal: AbortSignal | undefined): Send =>
  (path, body, options) =>
    fetch(`${url}${path}`, { ...requestOf(body, options), ...(signal && { signal }) }).catch((error) => {
      if (error === signal?.reason) throw error;
      throw new Error(`nothing answers at ${url}: start the service with npm start, or name its address with --url`);
    });

/** The AWS SDK is loaded only where it is needed. */
function sendToAws(stack: string, region: string | undefined): Send {
  let deployed: Promise<Send> | undefined;
  return async (path, body, options) => {
    deployed ??= import('./deployed.ts').then(({ sendToStack }) => sendToStack(stack, region));
    return (await deployed)(path, body, options);
  };
}
