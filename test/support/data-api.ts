import { type Engine, type Faults, type RunningServer, startDataApi } from '@strategy-snapshots/rds-data-local';
import { localCluster } from '../../local/database.ts';

/** The local cluster's Data API and secrets, in this process. The engine stays the caller's to close. */
export const dataApiOver = (engine: Engine, faults?: Faults): Promise<RunningServer> =>
  startDataApi({ engine, cluster: localCluster(), ...(faults ? { faults } : {}) });
