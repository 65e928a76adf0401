import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll } from 'vitest';
import { startApi } from '../../../local/api.ts';
import { startService } from '../../support/service.ts';
import { strategy } from '../strategy.ts';

/** What freqtrade says of the history in freqtrade.sql. */
export interface Figures {
  readonly trades: number;
  readonly winning: number;
  readonly losing: number;
  readonly profit: number;
  readonly profit_factor: number;
  /** Profit in USDT and exit reason by the id of the trade. */
  readonly profits: Readonly<Record<string, number>>;
  readonly exit_reasons: Readonly<Record<string, string>>;
}

const lines = (await readFile('test/cli/sync/freqtrade.jsonl', 'utf8')).trim().split('\n');
export const figures: Figures = JSON.parse(lines[0] ?? '');
/** The trades of freqtrade's REST API. */
export const restTrades: readonly { readonly is_open: boolean }[] = lines.slice(1).map((line) => JSON.parse(line));

export const LOGIN = { FREQTRADE_USERNAME: 'freqtrader', FREQTRADE_PASSWORD: 'made up' };

/** The command, databases of freqtrade and a service with its own database for each test file. */
export async function startSynchronising() {
  const service = await startService();
  const api = await startApi({ port: 0 });
  const directory = await mkdtemp(join(tmpdir(), 'strategy-snapshots-sync-'));
  afterAll(async () => {
    await api.close();
    await rm(directory, { recursive: true, force: true });
  });
  let databases = 0;

  const shown = (...args: readonly string[]) => strategy(['sync', 'freqtrade', '--url', api.url, ...args]);
  return {
    service,
    url: api.url,
    shown,
    /** Runs the command with `--json`. @returns its counts */
    async synced(...args: readonly string[]) {
      const { code, stdout, stderr } = await shown('--json', ...args);
      return { code, stderr, ...(stdout && JSON.parse(stdout)) };
    },
    /** A copy of freqtrade's database, changed by SQL. */
    async database(...changes: readonly string[]) {
      databases += 1;
      const path = join(directory, `tradesv3-${databases}.sqlite`);
      const database = new DatabaseSync(path, { enableForeignKeyConstraints: false });
      database.exec(await readFile('test/cli/sync/freqtrade.sql', 'utf8'));
      for (const change of changes) database.exec(change);
      database.close();
      return path;
    },
    /** The closed trades of a bot by freqtrade's ids. */
    async trades(bot_id: string) {
      const { body } = await service.call('GET /trades', { query: { bot_id, limit: 500 } });
      return new Map<string, Record<string, unknown>>(
        body.trades.map((trade: { position_id: string }) => [trade.position_id.split(':')[1], trade]),
      );
    },
  };
}

/** The REST API of a freqtrade with these trades. Stopped after the file. */
export async function startFreqtrade(trades: () => readonly { readonly is_open: boolean }[]): Promise<string> {
  const authorization = `Basic ${Buffer.from(Object.values(LOGIN).join(':')).toString('base64')}`;
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://freqtrade');
    const [limit, offset] = ['limit', 'offset'].map((name) => Number(url.searchParams.get(name)));
    const closed = trades().filter((trade) => !trade.is_open);
    const answers: Record<string, unknown> = {
      '/api/v1/show_config': {
        ...{ bot_name: 'freqtrade', strategy: 'Beta', strategy_version: '1.1', stoploss: -0.1, api_version: 2.5 },
        ...{ minimal_roi: { '0': 0.04 }, timeframe: '5m', state: 'running' },
      },
      '/api/v1/status': trades().filter((trade) => trade.is_open),
      '/api/v1/trades': { trades: closed.slice(offset, (offset ?? 0) + (limit ?? 0)), total_trades: closed.length },
    };
    const answer = request.headers.authorization === authorization ? answers[url.pathname] : undefined;
    response.writeHead(answer ? 200 : request.headers.authorization === authorization ? 404 : 401);
    response.end(JSON.stringify(answer ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterAll(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
