import { run } from './run.ts';
import { processTerminal } from './terminal.ts';

// When the reader of the output ends, such as head, the command ends as on SIGTERM, and stops a service that it runs.
process.stdout.once('error', () => {
  process.stdout.on('error', () => undefined);
  process.kill(process.pid, 'SIGTERM');
});
process.stderr.on('error', () => undefined);

const terminal = processTerminal();
const code = await run(process.argv.slice(2), terminal);
terminal.close();
// A request that a stopped service was still working on must not keep the process alive; what was printed goes out first.
process.stdout.write('', () => process.exit(code));
