const LONGEST = 600;

/** What the user can do, by the names of the SDK’s errors. */
const advice: Readonly<Record<string, string>> = {
  CredentialsProviderError: 'there are no AWS credentials: sign in, or set AWS_PROFILE',
  ExpiredTokenException: 'the AWS credentials have expired: sign in again',
  ExpiredToken: 'the AWS credentials have expired: sign in again',
};

/** Why something failed, in one line. */
export function reasonOf(error: unknown): string {
  const text = describe(error).replaceAll(/\s+/g, ' ');
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof AggregateError) return error.errors.map(describe).join(', ');
  const advised = advice[error.name];
  if (advised) return advised;
  if (error.message === 'Region is missing') return 'there is no AWS region: give --region, or set AWS_REGION';
  // fetch keeps what happened in the cause of "fetch failed".
  return error.cause instanceof Error ? `${error.message}: ${describe(error.cause)}` : error.message;
}
