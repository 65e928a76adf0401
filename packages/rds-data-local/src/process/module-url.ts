/** The URL of a module of this folder that runs in its own process: TypeScript in the repository, JavaScript in the installed package. */
export function moduleUrl(name: 'child' | 'watchdog', base: string): URL {
  return new URL(`${name}${base.endsWith('.ts') ? '.ts' : '.js'}`, base);
}
