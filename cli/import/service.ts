import { setTimeout } from 'node:timers/promises';
import { type Api, apiBy, UnexpectedStatus } from '../service/api.ts';
import type { Place } from '../service/place.ts';
import { sendTo } from '../service/send.ts';

/** The service, called until it answers: a paused database takes its time, and says so. */
export const serviceAt = (place: Place): Api => patient(apiBy(sendTo(place)));

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
