import { Code } from '../../parts/code.tsx';

const curl = (origin: string) => `curl -X POST ${origin}/snapshots -H 'content-type: application/json' \\
  -d '{"config": {"rsi_weight": 2.5}, "notes": "Baseline"}'`;

const python = (origin: string) => `from strategy_snapshots import StrategySnapshotManager

manager = StrategySnapshotManager("${origin}", outbox="outbox.db")
manager.save_current_config({"rsi_weight": 2.5}, notes="Baseline")`;

/** The next step when the database is empty. */
export function Start() {
  return (
    <>
      <p>
        Post the settings that your bot trades with; this page then follows them. From then on the bot posts its fills,
        and each trade is linked to the settings that made it.
      </p>
      <Code title="From a terminal" text={curl(location.origin)} />
      <Code title="From a bot in Python" text={python(location.origin)} />
      <p className="quiet">
        A bot that you already run: <code>strategy import</code> reads the history of freqtrade, Hummingbot, ccxt and
        Coinbase, and <code>strategy sync</code> follows it.
      </p>
    </>
  );
}
