// Recomputes an alternating test from an export, with Node.js alone and none of the service's code:
//   npx --no strategy export all.jsonl && node docs/recompute-experiment.mjs all.jsonl [experiment]
// Checks that the coin made every order, and prints the evidence after each look. The method: docs/experiments.md.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const [, , file, wanted = ''] = process.argv;
if (!file) throw new Error('usage: node recompute-experiment.mjs <export> [<experiment>]');

const ALPHA = 0.05;
const WIDTH = 2 * (-2 * Math.log(ALPHA) + Math.log(1 - 2 * Math.log(ALPHA)));
const print = (line) => process.stdout.write(`${line}\n`);
const sum = (items, of) => items.reduce((total, item) => total + of(item), 0);

const tables = {};
for (const line of readFileSync(file, 'utf8').split('\n')) {
  const { table, row } = line.startsWith('{"table"') ? JSON.parse(line) : {};
  if (!table) continue;
  tables[table] ??= [];
  tables[table].push(row);
}

for (const experiment of tables.experiments ?? []) {
  if (!experiment.experiment_id.startsWith(wanted)) continue;
  if (experiment.design !== 'switchback') {
    print(`Experiment ${experiment.experiment_id} is a parallel test: it has no coin to check`);
    continue;
  }
  const own = (table) => (tables[table] ?? []).filter((row) => row.experiment_id === experiment.experiment_id);
  const [blocks, days] = [own('experiment_blocks'), own('experiment_days')];
  print(`Experiment ${experiment.experiment_id} of bot ${experiment.bot_id}, seed ${experiment.seed}`);
  const pairs = [...Map.groupBy(blocks, ({ pair }) => pair)]
    .sort(([a], [b]) => a - b)
    .map(([pair, two]) => pairOf(experiment, pair, two));
  const wrong = pairs.filter(({ isFair }) => !isFair);
  print(
    `  ${pairs.length} pairs, ${wrong.length === 0 ? 'all' : `${pairs.length - wrong.length}`} in the order of the coin`,
  );
  looksOf(experiment, pairs, days);
}

/** When a pair settles, and whether its order is the first bit of SHA-256 of `seed|bot_id|pair`. */
function pairOf({ seed, bot_id, settle_days, time_zone }, pair, two) {
  const [first, second] = two.toSorted((a, b) => Date.parse(a.starts_at) - Date.parse(b.starts_at));
  const bit = createHash('sha256').update(`${seed}|${bot_id}|${pair}`).digest()[0] >> 7;
  const last = new Date(Date.parse(second.ends_at) - 1).toLocaleDateString('sv-SE', { timeZone: time_zone });
  const settles_on = new Date(Date.parse(last) + settle_days * 86_400_000).toISOString().slice(0, 10);
  return { pair, settles_on, isFair: first.arm === ['baseline', 'candidate'][bit], isVoid: first.broken_in !== null };
}

function looksOf({ share }, pairs, days) {
  let [tau2, decided] = [null, null];
  const alpha = (2 * ALPHA) / (share * (share + 1));
  for (const date of [...new Set(pairs.map(({ settles_on }) => settles_on))].sort()) {
    const settled = pairs
      .filter((pair) => pair.settles_on <= date && !pair.isVoid)
      .map(({ pair }) => {
        const of = (arm) => days.filter((day) => day.pair === pair && day.arm === arm && day.date <= date);
        return ['baseline', 'candidate'].map((arm) => ({
          K: sum(of(arm), (day) => day.trades),
          Y: sum(of(arm), (day) => Number(day.pnl_usd)),
          W: sum(of(arm), (day) => day.winning),
          L: sum(of(arm), (day) => day.losing),
          followed: sum(of(arm), (day) => day.followed),
        }));
      });
    const clusters = contrasts(settled);
    if (clusters.length < 7 || !passGates(settled)) continue;
    const n = sum(clusters, ({ k }) => k);
    const D = sum(clusters, ({ z }) => z) / n;
    const V = sum(clusters, ({ z, k }) => ((z - D * k) / n) ** 2 / (1 - k / n));
    const s = clusters.map(({ k }) => (k / n) ** 2 / (1 - k / n));
    const df = 1 / (sum(clusters, ({ k }) => (k / n) ** 2) + sum(s, Number) ** 2 - sum(s, (x) => x ** 2));
    tau2 ??= ((WIDTH / 2) * V * clusters.length) / 30;
    const r = V / (V + tau2);
    const t2 = D ** 2 / V;
    const lnT = Math.log(r) / 2 + ((df + 1) / 2) * (Math.log1p(t2 / df) - Math.log1p((r * t2) / df));
    const lnC = coin(clusters, D >= 0 ? 1 : -1);
    // A decision stays, until a later look decides the opposite.
    const kind = D > 0 ? 'keep' : 'revert';
    if (Math.min(lnT, lnC) >= -Math.log(alpha) && decided?.kind !== kind) decided = { kind, date };
    print(
      `  ${date}  ${clusters.length} pairs  difference ${D.toFixed(4)}  ln E: t ${lnT.toFixed(6)}, coin ${lnC.toFixed(6)}`,
    );
  }
  print(`  Decided: ${decided ? `${decided.kind} on ${decided.date}` : 'not yet'}`);
}

/** Enough trades, winners and losers in each arm, entered with the assigned settings. A kind that is rare needs more. */
function passGates(settled) {
  const arms = [0, 1].map((arm) => {
    const of = (field) => sum(settled, (pair) => pair[arm][field]);
    return { K: of('K'), W: of('W'), L: of('L'), followed: of('followed') };
  });
  const isEnough = (arm, kind) => {
    const isRare = (each) => each[kind] < 0.1 * each.K;
    return arm[kind] >= (isRare(arm) ? (arms.every(isRare) ? 15 : 60) : 10);
  };
  const followed = sum(arms, (arm) => arm.followed) / sum(arms, ({ K }) => K);
  return followed >= 0.75 && arms.every((arm) => arm.K >= 30 && isEnough(arm, 'W') && isEnough(arm, 'L'));
}

/** z and k of each pair with a trade, against the level of a window of twenty trades. */
function contrasts(settled) {
  return settled.flatMap(([zero, one], i) => {
    if (zero.K + one.K === 0) return [];
    let window = settled.slice(i, i + 1);
    for (let j = i - 1; j >= 0 && sum(window.flat(), ({ K }) => K) < 20; j--) window = [settled[j], ...window];
    const trades = sum(window.flat(), ({ K }) => K);
    const c = sum(window.flat(), ({ Y }) => Y) / trades;
    const p = sum(window, ([, each]) => each.K) / trades;
    const z = one.Y - c * one.K - (zero.Y - c * zero.K);
    return [
      { z: Math.abs(z) <= 1e-12 * (Math.abs(zero.Y) + Math.abs(one.Y)) ? 0 : z, k: (1 - p) * one.K + p * zero.K },
    ];
  });
}

/** What half a dollar, bet on one side of every pair's coin, would have become; its natural logarithm. */
function coin(clusters, side) {
  let squares = 0;
  const x = clusters.map(({ z }, i) => {
    squares += z ** 2;
    return squares === 0 ? 0 : z / Math.sqrt(squares / (i + 1));
  });
  const wealth = [0.25, 0.5, 1].map((bet) =>
    x.reduce((money, each) => (money * 2) / (1 + Math.exp(-2 * bet * side * each)), 1),
  );
  return Math.log(sum(wealth, Number) / 6);
}
