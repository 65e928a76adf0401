import * as z from 'zod';
import type { Operation } from '../contract/operation.ts';
import type { Database } from '../database/database.ts';
import { Forbidden } from '../errors.ts';
import { environment } from '../runtime/environment.ts';
import { BotCallers, botsOf } from './callers.ts';
import * as store from './store.ts';

const { BOT_CALLERS: callers } = environment(
  z.object({
    BOT_CALLERS: z
      .string()
      .default('{}')
      .transform((text) => BotCallers.parse(JSON.parse(text))),
  }),
);

/** The parts of a request that say what it is about. */
interface Request {
  readonly path: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

/** Operations about no bot. */
const OF_NO_BOT = ['getHealth', 'getDatabaseHealth', 'getOpenApi'];
/** Operations that show the bots of the caller only. */
const OF_ALL_BOTS = ['listBots'];

/** Operations for callers that may use all bots: who sets the recipients of mails sends mail in the name of the service. */
const OF_OWNERS = ['setBot'];

/** The bots that the signer of a request may use; null: all.
 *  @param event of API Gateway, which names the signer of a signed request */
export function botsOfCaller(event: unknown): readonly string[] | null {
  const signer = Signer.safeParse(event).data?.requestContext.authorizer.iam.userArn;
  return botsOf(callers, signer);
}

const Signer = z.object({
  requestContext: z.object({ authorizer: z.object({ iam: z.object({ userArn: z.string() }) }) }),
});

/** Refuses a request about bots that its caller may not use. What it names by an id is looked up.
 *  @throws Forbidden */
export async function refuseOtherBots(
  database: Database,
  { id, items }: Operation,
  request: Request,
  allowed: readonly string[] | null,
): Promise<void> {
  if (allowed === null || OF_NO_BOT.includes(id) || OF_ALL_BOTS.includes(id)) return;
  if (OF_OWNERS.includes(id)) throw new Forbidden('only a signer that may use all bots may do this');
  const named = botsIn(request, items !== undefined);
  const ids = idsIn(request);
  const owners = ids.length > 0 ? await store.ownersOf(database, ids) : [];
  const others = [...named, ...owners].filter((bot) => !allowed.includes(bot));
  if (others.length > 0) throw new Forbidden('the signer may not use this bot');
  if (named.length + ids.length === 0) throw new Forbidden('the signer may not use all bots: name one with bot_id');
}

/** The bots that a request names. An item without one is of the default bot. */
function botsIn({ query, body }: Request, isBatch: boolean): string[] {
  const items = isBatch ? [body].flat().map((item) => ({ bot_id: 'default', ...asObject(item) })) : [body];
  return [query, ...items].flatMap((part) =>
    ['bot_id', 'candidate_bot_id'].flatMap((field) => {
      const bot = asObject(part)[field];
      return typeof bot === 'string' ? [bot] : [];
    }),
  );
}

/** The ids in the path, and in the query that of a snapshot to compare with. */
const idsIn = ({ path, query }: Request): string[] =>
  [
    ...Object.entries(asObject(path)),
    ...Object.entries(asObject(query)).filter(([name]) => name === 'against'),
  ].flatMap(([name, value]) =>
    ['snapshot_id', 'experiment_id', 'trade_id', 'against'].includes(name) ? [String(value)] : [],
  );

const asObject = (part: unknown): Readonly<Record<string, unknown>> =>
  typeof part === 'object' && part !== null ? (part as Record<string, unknown>) : {};
