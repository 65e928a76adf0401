import { setTimeout as sleep } from 'node:timers/promises';

// A separate thread. PGlite blocks the main thread while it works, which then cannot notice that the parent has died: the data directory
// would stay locked until the statement ends. Killing PGlite is safe at any time: acknowledged writes are durable.
const parent = process.ppid;
while (process.ppid === parent) await sleep(250);
process.kill(process.pid, 'SIGKILL');
