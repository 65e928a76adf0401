import { rollBackSnapshot, type SavedSnapshot, saveSnapshot } from '../../../functions/snapshots/contract.ts';
import { listSummaries, summariseDays } from '../../../functions/summaries/contract.ts';
import { linkTrades } from '../../../functions/trade-links/contract.ts';
import { recordFills } from '../../../functions/trades/contract.ts';
import type { Api } from '../../service/api.ts';
import type { Checklist } from '../checklist.ts';
import { expectEqual, expectToInclude } from '../expectation.ts';
import { type SmokeTrade, tradeBetween } from '../trade.ts';

interface Bot {
  readonly botId: string;
  readonly timeZone: string;
}

/** Records one trade of the smoke test's own bot, and checks that repeating each write changes nothing.
 *  @returns null when there is no trade to read */
export async function checkWrites(
  { check }: Checklist,
  api: Api,
  { botId: bot_id, timeZone }: Bot,
): Promise<SmokeTrade | null> {
  const save = (config: object) => () => savedTwice(api, { bot_id, config, notes: 'smoke test' });
  const entry = await check('POST /snapshots, twice', save({ smoke: 'A' }));
  const exit = await check('POST /snapshots with another configuration, twice', save({ smoke: 'B' }));
  if (entry === null || exit === null) return null;
  const trade = tradeBetween(entry, exit, timeZone);

  const recorded = await check('POST /fills, twice', async () => {
    const { fills } = trade;
    expectToInclude((await api(recordFills, { body: fills })).body, { accepted: 2, duplicates: 0, rejected: [] });
    const again = { accepted: 0, updated: 0, duplicates: 2, rejected: [], unmatched: [], warnings: [] };
    expectEqual((await api(recordFills, { body: fills })).body, again);
    return fills;
  });
  const linked = await check('POST /trade-links, twice', async () => {
    const { link } = trade;
    const result = { order_id: link.order_id, snapshot_id: entry.snapshot_id };
    const first = { created: 1, unchanged: 0, rejected: [], results: [{ ...result, status: 'created' }] };
    expectToInclude((await api(linkTrades, { body: link })).body, first);
    const again = { created: 0, updated: 0, unchanged: 1, rejected: [], results: [{ ...result, status: 'unchanged' }] };
    expectToInclude((await api(linkTrades, { body: link })).body, again);
    return link;
  });
  const summarised = await check('POST /summaries, twice', async () => {
    const summarise = async () => (await api(summariseDays, { body: { bot_id, from: trade.day } })).body;
    const first = await summarise();
    const rows = await summariesOf(api, bot_id);
    expectEqual(await summarise(), first);
    expectEqual(await summariesOf(api, bot_id), rows, 'the summaries');
    return rows;
  });
  await check('POST /snapshots/rollback, twice', async () => {
    const rollBack = () => api(rollBackSnapshot, { body: { bot_id } });
    const first = { status: 201, body: { changed: true, rollback_of: entry.snapshot_id, config: { smoke: 'A' } } };
    expectToInclude(await rollBack(), first);
    expectToInclude(await rollBack(), { status: 200, body: { changed: false, rollback_of: entry.snapshot_id } });
  });
  return recorded && linked && summarised ? trade : null;
}

async function savedTwice(api: Api, body: object): Promise<SavedSnapshot> {
  const first = await api(saveSnapshot, { body });
  expectToInclude(first, { status: 201, body: { changed: true } });
  // The API has checked it against the contract.
  const saved = first.body as SavedSnapshot;
  const again = { changed: false, changes: [], snapshot_id: saved.snapshot_id, active_from: saved.active_from };
  expectToInclude(await api(saveSnapshot, { body }), { status: 200, body: again });
  return saved;
}

/** Without the times at which they were computed. */
async function summariesOf(api: Api, bot_id: string): Promise<readonly object[]> {
  const { summaries } = (await api(listSummaries, { query: { bot_id } })).body as {
    readonly summaries: readonly { readonly updated_at: string }[];
  };
  return summaries.map(({ updated_at, ...row }) => row);
}
