import { lambdaContext } from './context.ts';

/** Runs the deployed migrator once, in a process of its own: it alone has the owner's secret in its environment. */
const { handler } = await import('../functions/database/migrate.ts');
const MINUTES_14 = 14 * 60_000;
process.send?.(await handler({}, lambdaContext(MINUTES_14)));
process.disconnect?.();
