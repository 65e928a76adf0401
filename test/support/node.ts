/** What a Node.js that a test starts has of the environment: commands, and what was compiled before. */
export const nodeEnvironment = () => ({
  PATH: process.env.PATH,
  NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
});
