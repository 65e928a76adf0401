// The public API of the package. The bin and the conformance suite have entry points of their own.
export type { Cluster, ClusterSettings, Secret } from './cluster.ts';
export type { Connection, Engine, Login } from './engines/engine.ts';
export { type EngineSettings, openEngine } from './engines/open-engine.ts';
export { openPGlite, type PGliteEngine, type PGliteSettings } from './engines/pglite.ts';
export { openPostgresServer } from './engines/postgres.ts';
export type { Fault, FaultSettings } from './faults/fault.ts';
export { type Faults, openFaults } from './faults/faults.ts';
export { type DataApiProcess, type ProcessSettings, startDataApiProcess } from './process/process.ts';
export { type DataApiSettings, type RunningServer, startDataApi } from './server.ts';
