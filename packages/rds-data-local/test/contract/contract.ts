import type { DataApi } from '../support/client.ts';
import { access } from './access.ts';
import { logins } from './logins.ts';
import { metadata } from './metadata.ts';
import { transactions } from './transactions.ts';

/** Tests for every engine that are not conformance cases, because they do not run against a real cluster. */
export function dataApiContract(api: DataApi): void {
  logins(api);
  access(api);
  metadata(api);
  transactions(api);
}
