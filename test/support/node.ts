import { type ChildProcess, spawnSync } from 'node:child_process';

/** Environment for Node.js processes started by tests: the PATH, the place of temporary files and the compile cache. */
export const nodeEnvironment = () => ({
  PATH: process.env.PATH,
  TMPDIR: process.env.TMPDIR,
  NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
});

/** The ids of the processes that a process has started, of those whose command line contains the text. */
export const childrenOf = ({ pid }: ChildProcess, text: string): number[] =>
  spawnSync('ps', ['-o', 'pid=,args=', '--ppid', String(pid)], { encoding: 'utf8' })
    .stdout.split('\n')
    .filter((line) => line.includes(text))
    .map((line) => Number.parseInt(line, 10));
