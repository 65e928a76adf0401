import { setTimeout } from 'node:timers/promises';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { type Api, apiAt, UnexpectedStatus } from '../smoke/api.ts';
import { readStack } from '../smoke/outputs.ts';
import { asJson, type SignedFetch, signedFetch } from '../smoke/signed-fetch.ts';
import type { Options } from './options.ts';

/** The service that the options name, called until it answers: a paused database takes its time, and says so. */
export async function serviceOf({ url, stage, region }: Pick<Options, 'url' | 'stage' | 'region'>): Promise<Api> {
  if (stage === undefined) {
    const address = url?.replace(/\/+$/, '') ?? `http://127.0.0.1:${process.env.PORT || 3000}`;
    return patient(apiAt(address, plainFetch(address)));
  }
  const cloudFormation = new CloudFormationClient({ region });
  const { outputs } = await readStack(cloudFormation, `strategy-snapshots-${stage}-service`);
  return patient(apiAt(outputs.ApiUrl, signedFetch(cloudFormation.config, 'execute-api')));
}

const plainFetch =
  (address: string): SignedFetch =>
  (url, body) =>
    fetch(url, body === undefined ? {} : asJson(body)).catch(() => {
      throw new Error(`nothing answers at ${address}: start the service with npm start, or say where it is (--url)`);
    });

const ATTEMPTS = 5;
const LATER = new Set([429, 502, 503, 504]);

const patient =
  (api: Api): Api =>
  async (operation, input) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await api(operation, input);
      } catch (error) {
        if (!(error instanceof UnexpectedStatus && LATER.has(error.status)) || attempt === ATTEMPTS) throw error;
        await setTimeout(1000 * Number(error.headers.get('retry-after') ?? 2 ** attempt));
      }
    }
  };
