import { run } from './run.ts';
import { screenWidth } from './screen.ts';

process.exitCode = await run(process.argv.slice(2), {
  out: console.log,
  error: console.error,
  width: screenWidth(),
});
