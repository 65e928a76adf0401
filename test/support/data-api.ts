import { type Engine, type Faults, type RunningServer, startDataApi } from '@strategy-snapshots/rds-data-local';
import { localCluster } from '../../local/database.ts';

/** Starts the Data API and the secrets of a local cluster in this process. The caller has to close the engine. */
export const dataApiOver = (engine: Engine, faults?: Faults): Promise<RunningServer> =>
  startDataApi({ engine, cluster: localCluster(), ...(faults ? { faults } : {}) });
