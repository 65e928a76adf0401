import { setTimeout as sleep } from 'node:timers/promises';

// A thread of its own. PGlite blocks the main one while it works, so that nobody there hears that the parent has died;
// the data directory would stay locked until the statement ends. Killed at any moment, PGlite keeps what it acknowledged.
const parent = process.ppid;
while (process.ppid === parent) await sleep(250);
process.kill(process.pid, 'SIGKILL');
