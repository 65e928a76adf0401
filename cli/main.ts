import { run } from './run.ts';
import { processTerminal } from './terminal.ts';

// A reader that has ended, such as head, ends the command as SIGTERM does: a service that it runs is stopped.
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
