import { comparisonOperations } from './comparison/contract.ts';
import type { Operation } from './contract/operation.ts';
import { experimentOperations } from './experiments/contract.ts';
import { reportOperations } from './report/contract.ts';
import { serviceOperations } from './service/contract.ts';
import { snapshotOperations } from './snapshots/contract.ts';
import { summaryOperations } from './summaries/contract.ts';
import { tradeLinkOperations } from './trade-links/contract.ts';
import { tradeOperations } from './trades/contract.ts';

/** All HTTP operations. API Gateway's routes, the local server, the OpenAPI document and the contract tests are derived from this list. */
export const operations: readonly Operation[] = [
  ...snapshotOperations,
  ...tradeLinkOperations,
  ...tradeOperations,
  ...summaryOperations,
  ...comparisonOperations,
  ...experimentOperations,
  ...reportOperations,
  ...serviceOperations,
];
