import type { DataApi } from '../support/client.ts';
import { access } from './access.ts';
import { logins } from './logins.ts';
import { transactions } from './transactions.ts';

/** What holds whatever engine is behind the endpoint, besides the conformance cases: what a real cluster is not asked. */
export function dataApiContract(api: DataApi): void {
  logins(api);
  access(api);
  transactions(api);
}
