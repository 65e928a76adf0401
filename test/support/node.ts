/** Environment for Node.js processes started by tests: the PATH and the compile cache. */
export const nodeEnvironment = () => ({
  PATH: process.env.PATH,
  NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
});
