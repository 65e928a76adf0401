/** What a deployment needs and does not find, and what to do about it. */
export class Missing extends Error {
  constructor(problem: string, fix: string) {
    super(`${problem}. ${fix}`);
  }
}

export const isNamed = (error: unknown, ...names: readonly string[]): boolean =>
  error instanceof Error && names.includes(error.name);
