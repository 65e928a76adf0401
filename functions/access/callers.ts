import * as z from 'zod';

/** Stands for the name of a role session, so that one entry serves a fleet of bots. */
export const SESSION = '{session}';

/** Which bots callers may use: by the ARN of an IAM role or user, the ids of its bots. A caller without an entry may use all of them. */
export const BotCallers = z.record(
  z.string().regex(/^arn:aws[\w-]*:iam::\d{12}:(role|user)\/[\w+=,.@/-]+$/, 'must be the ARN of an IAM role or user'),
  z.array(z.string().min(1).max(64), `must be a list of bot ids, or ["${SESSION}"]`).min(1, 'must name a bot'),
);
export type BotCallers = z.output<typeof BotCallers>;

/** Callers whose ARN says who they are: users, roles and the account itself. That of a federated user has a name that the user has chosen who
 *  asked for its credentials, and does not say who that was. */
const KNOWN = /^arn:aws[\w-]*:(?:iam::\d{12}:(?:user\/.+|root)|sts::(\d{12}):assumed-role\/([^/]+)\/(.+))$/;

/** The bots of a caller; null: all. Who is not known by an ARN may use none.
 *  @param userArn as API Gateway says it. That of a role's session is `arn:aws:sts::<account>:assumed-role/<role>/<session>`: it lacks the role's path
 *  @example botsOf({ 'arn:aws:iam::000000000000:role/bots': ['{session}'] }, 'arn:aws:sts::000000000000:assumed-role/bots/scalper') // ['scalper'] */
export function botsOf(callers: BotCallers, userArn: string | undefined): readonly string[] | null {
  if (Object.keys(callers).length === 0) return null;
  const known = KNOWN.exec(userArn ?? '');
  if (known === null) return [];
  const [, account, role, session = ''] = known;
  const entries = Object.entries(callers).filter(([arn]) =>
    role === undefined ? arn === userArn : arn.includes(`:iam::${account}:role/`) && arn.split('/').at(-1) === role,
  );
  if (entries.length === 0) return null;
  return entries.flatMap(([, bots]) => bots.map((bot) => (bot === SESSION ? session : bot)));
}
