"""The strategy mixin with the real freqtrade; skipped where that package is not installed."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import unittest
from contextlib import closing
from typing import Any

from .local_service import MISSING, NODE, ROOT, LocalService
from .with_fakes import NOWHERE
from .with_freqtrade import WithStrategy

try:
    from freqtrade.persistence import Trade

    from .freqtrade_history import History, figures, play
except ImportError:
    raise unittest.SkipTest("freqtrade is not installed") from None


class AStrategy(WithStrategy):
    def buy_and_sell(self, strategy: Any) -> None:
        self.history(strategy).buy_and_sell("BTC/USDT", 0, amount=0.5, entry=64000.0, exit=65000.0)

    def sent(self, path: str) -> list[dict[str, Any]]:
        bodies = [request.body for request in self.service.posted(path)]
        return [item for body in bodies for item in (body if isinstance(body, list) else [body])]

    def test_saves_its_settings_when_the_bot_starts(self) -> None:
        strategy = self.strategy()
        self.assertTrue(strategy._reporter._manager._sender.flush(60))
        [snapshot] = self.sent("/snapshots")
        config = snapshot["config"]
        self.assertEqual(config["strategy_parameters"], {"rsi": 27, "exit_rsi": 70.5})
        self.assertEqual(config["protections"], [{"method": "CooldownPeriod", "stop_duration_candles": 5}])
        self.assertEqual((config["strategy"], config["strategy_version"]), ("Alpha", "1.2"))
        self.assertEqual((config["minimal_roi"], config["stoploss"]), ({"0": 0.04}, -0.1))
        self.assertRegex(config["strategy_file_sha256"], "^[0-9a-f]{64}$")
        self.assertEqual(config["exchange"]["key"], "[redacted]")
        self.assertNotIn("original_config", config)
        for secret in ("the key", "the secret", "1:abc", '"77"'):
            self.assertNotIn(secret, json.dumps(snapshot))
        self.assertEqual(snapshot["notes"], "Alpha 1.2")

    def test_records_every_filled_order_with_its_position_and_its_signal(self) -> None:
        strategy = self.strategy()
        manager = strategy._reporter._manager
        self.assertTrue(manager._sender.flush(60))
        play(self.history(strategy))
        self.assertTrue(manager._sender.flush(60))
        fills = {fill["fill_id"]: fill for fill in self.sent("/fills")}
        with closing(sqlite3.connect(self.directory / "trades.sqlite")) as database:
            [[filled]] = database.execute("SELECT count(*) FROM orders WHERE filled > 0")
        self.assertEqual((len(fills), len(self.sent("/trade-links"))), (filled, filled))
        [_, partial, last] = [fill for fill in fills.values() if fill["symbol"] == "ETH/USDT:USDT"]
        self.assertEqual((partial["position_side"], partial["side"], partial["size"]), ("short", "buy", "1"))
        # The last exit has the funding of the position: 1.375 USDT were paid, and 0.1 % of 1.5 × 3,090.1 are the fee.
        self.assertEqual(last["fee"], {"amount": "6.01015", "currency": "USDT"})
        links = {link["order_id"]: link.get("signal_data") for link in self.sent("/trade-links")}
        self.assertEqual(links[last["order_id"]], {"trigger": "exit_signal", "exit_reason": "exit_signal"})
        self.assertTrue(last["order_id"].startswith("scalper:ETH/USDT:USDT:"))
        # The strategy's own callbacks were called too, and each trade has its snapshot.
        self.assertEqual((strategy.calls[0], len(strategy.calls)), ("bot_start", 1 + filled))
        snapshot_id = strategy._reporter._periods[0].answer.result()["snapshot_id"]
        stored = {trade.get_custom_data("strategy_snapshot_id") for trade in Trade.get_trades().all()}
        self.assertEqual(stored, {snapshot_id})

    def test_without_callbacks_of_its_own_goes_on_while_the_service_is_away(self) -> None:
        strategy = self.strategy("Plain", endpoint=NOWHERE)
        self.buy_and_sell(strategy)
        self.assertEqual(strategy._reporter._manager._outbox.waiting, 5)

    def test_sends_the_price_of_a_stake_currency_that_is_no_dollar(self) -> None:
        for quote_usd in ({"EUR": 1.08}, 1.08):
            own: dict[str, Any] = {
                "quote_usd": quote_usd,
                "bot_id": str(quote_usd),
                "outbox": f"{self.directory}/{quote_usd}",
            }
            strategy = self.strategy(stake_currency="EUR", **own)
            self.history(strategy).buy_and_sell("BTC/EUR", 0, amount=0.5, entry=64000.0, exit=65000.0)
            self.assertTrue(strategy._reporter._manager._sender.flush(60))
            (self.directory / "trades.sqlite").unlink()
        prices = [(fill["bot_id"], fill.get("quote_usd")) for fill in self.sent("/fills")]
        self.assertEqual(prices, [("{'EUR': 1.08}", "1.08")] * 2 + [("1.08", "1.08")] * 2)

    def test_goes_on_when_it_cannot_report(self) -> None:
        self.strategy(endpoint=NOWHERE)
        with self.assertLogs("strategy_snapshots", "ERROR") as logged:
            strategy = self.strategy(endpoint=NOWHERE, timeout=3)
        self.assertIn("OutboxInUse", logged.output[0])
        self.buy_and_sell(strategy)
        self.assertIsNone(strategy._reporter)

    @unittest.skipIf(MISSING, MISSING or "")
    def test_and_the_synchronisation_of_its_database_record_the_same(self) -> None:
        service = LocalService()
        self.addCleanup(service.close)
        strategy = self.strategy(endpoint=service.url)
        play(self.history(strategy))
        self.assertTrue(strategy._reporter._manager._sender.flush(60))
        self.assertEqual(strategy._reporter._manager.refused(), [])
        first, again = (self.synchronised(service.url) for _ in range(2))
        for counts in (first, again):
            self.assertEqual((counts["new"], counts["corrected"], counts["links"], counts["refused"]), (0, 0, 0, []))
            self.assertEqual(counts["known"], strategy._reporter._manager.status().sent // 2)

    def synchronised(self, url: str) -> dict[str, Any]:
        database = str(self.directory / "trades.sqlite")
        # The database has the bot's name, which the strategy has stored.
        sync = ["cli/main.ts", "sync", "freqtrade", database, "--json", "--url", url]
        done = subprocess.run([str(NODE), *sync], cwd=ROOT, capture_output=True, text=True, check=True)
        counts: dict[str, Any] = json.loads(done.stdout)
        return counts

    def test_uses_its_outbox_again_after_the_configuration_is_reloaded(self) -> None:
        first, second = self.strategy(), self.strategy()
        self.assertIs(first._reporter._manager, second._reporter._manager)
        self.assertTrue((self.directory / "strategy-snapshots-scalper.sqlite3").exists())

    def test_of_the_history_that_other_tests_use_has_the_same_figures(self) -> None:
        play(History(str(self.directory / "trades.sqlite")), only_live=False)
        committed = (ROOT / "test/cli/sync/freqtrade.jsonl").read_text().splitlines()[0]
        self.assertEqual(json.loads(json.dumps(figures())), json.loads(committed))

    def test_reports_nothing_from_a_backtest(self) -> None:
        strategy = self.strategy(runmode="backtest")
        self.buy_and_sell(strategy)
        self.assertEqual(self.service.requests, [])
