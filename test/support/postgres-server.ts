export { startPostgresServer } from '../../packages/rds-data-local/test/support/postgres-server.ts';
