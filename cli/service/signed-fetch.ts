import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { AwsClient } from 'aws4fetch';
import { type RequestOptions, requestOf } from './request.ts';

/** Who signs, and for which region. */
export type Signer = Pick<CloudFormationClient['config'], 'region' | 'credentials'>;

/** `body` is sent as JSON. */
export type SignedFetch = (url: string, body?: unknown, options?: RequestOptions) => Promise<Response>;

/** Sends requests with AWS Signature Version 4, with the credentials and the region of an SDK client. */
export function signedFetch({ region, credentials }: Signer, service: 'execute-api' | 'rds-data'): SignedFetch {
  return async (url, body, options) => {
    const signer = new AwsClient({ ...(await credentials()), region: await region(), service, retries: 0 });
    return signer.fetch(url, requestOf(body, options));
  };
}
