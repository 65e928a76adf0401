/** The version of Aurora PostgreSQL: the Data API needs 17.4 or newer. */
export const ENGINE_VERSION = { full: '17.7', major: '17' } as const;
