import * as z from 'zod';
import { getTrade, listTrades, type TradeDetail } from '../functions/trades/contract.ts';
import { Failure, UsageError } from './failure.ts';
import type { Api } from './service/api.ts';

/** Characters of a symbol in a table, such as `1000SHIB/USDT:USDT`. */
export const LONGEST_SYMBOL = 18;

/** Significant digits of a size or a price in a table. */
const DIGITS = 8;

/** A size or a price. @example digits(0.1 + 0.2) // '0.3' */
export const digits = (value: number): string => String(Number(value.toPrecision(DIGITS)));

/** The most trades that the service returns at once. */
const PAGE = 500;

/** The trade that an operand names by its id, or by the start of it.
 *  @throws UsageError when the operand cannot be the start of an id; Failure when it is that of no or several trades of the bot */
export async function tradeNamed(api: Api, bot_id: string | undefined, operand: string): Promise<TradeDetail> {
  const whole = z.guid().safeParse(operand);
  const trade_id = whole.success ? whole.data : await idStartingWith(api, bot_id, operand);
  return (await api(getTrade, { path: { trade_id } })).body;
}

async function idStartingWith(api: Api, bot_id: string | undefined, operand: string): Promise<string> {
  if (!/^[0-9a-f][0-9a-f-]{0,35}$/i.test(operand))
    throw new UsageError(`${operand} must be the id of a trade, or the start of one, such as 0f8fad5b`);
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const { body } = await api(listTrades, { query: { bot_id, limit: PAGE, cursor } });
    found.push(...body.trades.map(({ trade_id }) => trade_id).filter((id) => id.startsWith(operand.toLowerCase())));
    cursor = body.next_cursor ?? undefined;
  } while (cursor !== undefined);
  const [id, ...others] = found;
  if (id === undefined)
    throw new Failure(
      `No trade of the bot ${bot_id ?? 'default'} has an id that starts with ${operand}: "strategy trades" lists them.`,
    );
  if (others.length > 0) throw new Failure(`The ids of ${found.length} trades start with ${operand}: type more of it.`);
  return id;
}
