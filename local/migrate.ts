import { lambdaContext } from './context.ts';
import type { Outcome } from './run-migrations.ts';

// Runs the deployed migrator once, in a separate process: only that has the owner's secret in its environment.
const { handler } = await import('../functions/database/migrate.ts');
const MINUTES_14 = 14 * 60_000;

async function migrate(): Promise<Outcome> {
  try {
    return await handler({}, lambdaContext(MINUTES_14));
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

process.send?.(await migrate());
process.disconnect?.();
