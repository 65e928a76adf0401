import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { AwsClient } from 'aws4fetch';

/** Who signs, and for which region. */
export type Signer = Pick<CloudFormationClient['config'], 'region' | 'credentials'>;

/** `body` is sent as JSON, by POST. */
export type SignedFetch = (url: string, body?: unknown) => Promise<Response>;

/** Sends requests with AWS Signature Version 4, by the credentials and the region of an SDK client. */
export function signedFetch({ region, credentials }: Signer, service: 'execute-api' | 'rds-data'): SignedFetch {
  return async (url, body) => {
    const signer = new AwsClient({ ...(await credentials()), region: await region(), service, retries: 0 });
    return signer.fetch(url, requestOf(body));
  };
}

/** A body as JSON, by POST; without one a GET. */
export const requestOf = (body?: unknown): RequestInit =>
  body === undefined
    ? {}
    : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
