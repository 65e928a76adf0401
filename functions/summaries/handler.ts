import { endpoint, serve } from '../http/endpoint.ts';
import { listSummaries, summariseDays } from './contract.ts';
import * as summaries from './summaries.ts';

export const handler = serve([
  endpoint(summariseDays, ({ body }, { database, now }) => summaries.summariseDays(database, body, now)),
  endpoint(listSummaries, ({ query }, { database }) => summaries.listSummaries(database, query)),
]);
