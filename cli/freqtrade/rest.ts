import * as z from 'zod';
import { Failure } from '../failure.ts';
import type { Source } from '../sync/source.ts';
import { readingOf } from './reading.ts';
import { type FreqtradeTrade, tradeOfJson } from './trade.ts';

const PAGE = 500;
/** Closed trades that are read again when all have been read once. */
const LATEST = 100;
const TIMEOUT_MS = 30_000;

/** The settings of `/show_config` that decide how it trades. */
const TRADING = [
  ...[
    'strategy',
    'strategy_version',
    'exchange',
    'trading_mode',
    'margin_mode',
    'dry_run',
    'timeframe',
    'stake_currency',
  ],
  ...['stake_amount', 'available_capital', 'max_open_trades', 'minimal_roi', 'stoploss', 'stoploss_on_exchange'],
  ...['trailing_stop', 'trailing_stop_positive', 'trailing_stop_positive_offset', 'trailing_only_offset_is_reached'],
  ...[
    'use_custom_stoploss',
    'unfilledtimeout',
    'order_types',
    'entry_pricing',
    'exit_pricing',
    'position_adjustment_enable',
  ],
  'max_entry_position_adjustment',
];

const ShownConfig = z.looseObject({ bot_name: z.string(), strategy: z.string().nullish() });
const Page = z.object({ trades: z.array(z.unknown()), total_trades: z.number() });

export interface Credentials {
  readonly username: string | undefined;
  readonly password: string | undefined;
}

/** The REST API of a running freqtrade. All closed trades are read at first, and the latest afterwards. */
export function freqtradeApi(address: string, credentials: Credentials): Source {
  const { url, authorization } = withoutCredentials(address, credentials);
  const get = (path: string) => answerOf(`${url}/api/v1${path}`, authorization);
  let known = 0;
  const closed = async function* (isFirst: boolean) {
    const { trades, total_trades: total } = Page.parse(await get(`/trades?limit=${LATEST}&order_by_id=false`));
    if (isFirst || total - known >= LATEST) yield* everyClosed(get);
    else yield* trades;
    known = total;
  };
  return {
    async read(isFirst, onTrades) {
      const shown = ShownConfig.parse(await get('/show_config'));
      const config = Object.fromEntries(TRADING.filter((key) => key in shown).map((key) => [key, shown[key] ?? null]));
      const { settings, ...reading } = await readingOf(shown.bot_name, tradesOf(get, closed(isFirst)), onTrades);
      const current = { config, notes: shown.strategy ?? 'A strategy of freqtrade' };
      return { ...reading, settings: isFirst ? settings : [], current };
    },
  };
}

type Get = (path: string) => Promise<unknown>;

/** Open trades, then closed ones: one that closes meanwhile is read twice, and never missed. */
async function* tradesOf(get: Get, closed: AsyncIterable<unknown>): AsyncGenerator<() => FreqtradeTrade> {
  for (const trade of z.array(z.unknown()).parse(await get('/status'))) yield () => tradeOfJson(trade);
  for await (const trade of closed) yield () => tradeOfJson(trade);
}

async function* everyClosed(get: Get): AsyncGenerator<unknown> {
  for (let offset = 0, total = 1; offset < total; offset += PAGE) {
    const page = Page.parse(await get(`/trades?limit=${PAGE}&offset=${offset}`));
    yield* page.trades;
    total = page.total_trades;
  }
}

async function answerOf(url: string, authorization: string | undefined): Promise<unknown> {
  const response = await fetch(url, {
    signal: AbortSignal.timeout(TIMEOUT_MS),
    ...(authorization && { headers: { authorization } }),
  }).catch((error: Error) => {
    throw new Failure(
      `freqtrade does not answer at ${new URL(url).origin}: ${(error.cause as Error)?.message ?? error.message}`,
    );
  });
  if (response.status === 401)
    throw new Failure(
      'freqtrade refuses the login: set FREQTRADE_USERNAME and FREQTRADE_PASSWORD to those of its api_server',
    );
  if (!response.ok) throw new Failure(`freqtrade answers ${response.status} to ${new URL(url).pathname}`);
  return response.json().catch(() => {
    throw new Failure(`what answers at ${new URL(url).origin} is not the REST API of freqtrade`);
  });
}

/** The login can also be part of the address. */
function withoutCredentials(address: string, { username = '', password = '' }: Credentials) {
  const url = new URL(address);
  const user = decodeURIComponent(url.username) || username;
  const secret = decodeURIComponent(url.password) || password;
  [url.username, url.password] = ['', ''];
  return {
    url: url.href.replace(/\/+(api\/v1\/?)?$/, ''),
    authorization: user && `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`,
  };
}
