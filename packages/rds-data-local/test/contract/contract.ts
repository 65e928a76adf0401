import type { DataApi } from '../client.ts';
import { parameters } from './parameters.ts';
import { publicClientCases } from './public-client-cases.ts';
import { results } from './results.ts';
import { roles } from './roles.ts';
import { transactions } from './transactions.ts';

/** Everything that holds whatever engine is behind the endpoint. */
export function dataApiContract(api: DataApi, sessions: 'one' | 'many'): void {
  publicClientCases(api, sessions);
  parameters(api);
  results(api);
  transactions(api);
  roles(api);
}
