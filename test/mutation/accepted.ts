/** Mutants that no test can or needs to notice, and why. */
export const reasons: readonly { readonly file: string; readonly change: string; readonly reason: string }[] = [];
