import { setTimeout } from 'node:timers/promises';
import { type Api, UnexpectedStatus } from './api.ts';

const ATTEMPTS = 5;
const TEMPORARY = new Set([429, 502, 503, 504]);

/** Retries while the service is busy or its database resumes, after the time in Retry-After. */
export const retrying =
  (api: Api): Api =>
  async (operation, input) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await api(operation, input);
      } catch (error) {
        if (!(error instanceof UnexpectedStatus && TEMPORARY.has(error.status)) || attempt === ATTEMPTS) throw error;
        await setTimeout(1000 * Number(error.headers.get('retry-after') ?? 2 ** attempt));
      }
    }
  };
