import { run } from './run.ts';
import { processTerminal } from './terminal.ts';

const terminal = processTerminal();
const code = await run(process.argv.slice(2), terminal);
terminal.close();
// A request that a stopped service was still working on must not keep the process alive; what was printed goes out first.
process.stdout.write('', () => process.exit(code));
