/** A module of this folder that runs by itself: TypeScript in the repository, JavaScript where the package is installed. */
export function moduleUrl(name: 'child' | 'watchdog', base: string): URL {
  return new URL(`${name}${base.endsWith('.ts') ? '.ts' : '.js'}`, base);
}
