import { listPositions, listTrades } from '../../functions/trades/contract.ts';
import { Failure } from '../failure.ts';
import type { Api } from '../service/api.ts';

export interface Opened {
  readonly position_id: string;
  readonly symbol: string;
  readonly opened_at: string;
}

/** The latest trades that are looked at: as many as one request gives. */
const LATEST = 500;

/** Refuses trades of freqtrade that the bot has under other ids: a table or JSON of trades does not have all that the ids of its database are
 *  made of, so that both together would count each trade twice.
 *  @throws Failure that names one, before anything is sent */
export async function refuseOtherIds(api: Api, bot_id: string, opened: readonly Opened[]): Promise<void> {
  const known = new Map(opened.filter(isOfFreqtrade).map((each) => [placeOf(each), each]));
  if (known.size === 0) return;
  const { trades } = (await api(listTrades, { query: { bot_id, limit: LATEST } })).body;
  const { positions } = (await api(listPositions, { query: { bot_id, limit: LATEST } })).body;
  for (const { position_id, symbol, opened_at } of [...trades, ...positions]) {
    const here = { position_id: position_id ?? '', symbol, opened_at };
    const given = known.get(placeOf(here));
    if (!given || !isOfFreqtrade(here) || isOfDatabase(here) === isOfDatabase(given)) continue;
    const how = isOfDatabase(here)
      ? 'as "strategy sync freqtrade" sends it: go on with that'
      : 'from an import of its trades as a table or JSON: send the database as another bot, with --bot';
    throw new Failure(
      `nothing was sent: the bot ${bot_id} has the trade of ${symbol} opened at ${opened_at} already, under another id, and would have it twice. It is here ${how}`,
    );
  }
}

/** @example 'freqtrade:12:1740823200000' */
const isOfDatabase = ({ position_id }: Opened): boolean => /:\d+:\d{12,14}$/.test(position_id);

const isOfFreqtrade = (opened: Opened): boolean => opened.position_id.startsWith('freqtrade:') || isOfDatabase(opened);

/** To the second, as sources round the rest in different ways. */
const placeOf = ({ symbol, opened_at }: Opened): string => `${symbol} ${Math.round(Date.parse(opened_at) / 1000)}`;
