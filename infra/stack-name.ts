/** The name of the service stack of a stage. */
export const stackOf = (stage: string): string => `strategy-snapshots-${stage}-service`;
