import type { DataApi } from '../support/client.ts';
import { access } from './access.ts';
import { logins } from './logins.ts';
import { metadata } from './metadata.ts';
import { transactions } from './transactions.ts';

/** What holds on every engine and is no conformance case, since a real cluster is not asked it. */
export function dataApiContract(api: DataApi): void {
  logins(api);
  access(api);
  metadata(api);
  transactions(api);
}
