"""A strategy of the real freqtrade in a randomised test; skipped where that package is not installed."""

from __future__ import annotations

import copy
import json
import subprocess
import threading
import time
import unittest
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

from .fake_service import Fault
from .local_service import MISSING, NODE, ROOT, LocalService
from .with_fakes import NOWHERE
from .with_freqtrade import WithStrategy

try:
    from freqtrade.enums import ExitType
    from freqtrade.persistence import Trade
    from pandas import DataFrame, Timestamp

    from .freqtrade_bot import PAIRS, Bot
    from .freqtrade_history import START, History
except ImportError:
    raise unittest.SkipTest("freqtrade is not installed") from None

CANDIDATE = {
    "minimal_roi": {"0": 0.02},
    "stoploss": -0.05,
    "trailing_stop": True,
    "trailing_stop_positive": 0.01,
    "trailing_stop_positive_offset": 0.015,
    "trailing_only_offset_is_reached": True,
    "stake_amount": 50,
    "strategy_parameters": {"rsi": 22, "weight": 2.5, "bands": [2, 3]},
}
MIDNIGHT = START.replace(hour=0)
PAIR = "BTC/USDT"


WRONG: list[dict[str, Any]] = [
    {"stoploss": "-5 %"},
    {"minimal_roi": 1},
    {"strategy_parameters": {"rsi": 22.5}},
    {"strategy_parameters": {"bands": [1, 3]}},
]


class Following(WithStrategy):
    def setUp(self) -> None:
        super().setUp()
        patch = mock.patch("strategy_snapshots.following.SHORTEST_PAUSE", 0.01)
        patch.start()
        self.addCleanup(patch.stop)

    def loop(self, strategy: Any) -> None:
        """What freqtrade does first in each round."""
        strategy.bot_loop_start(current_time=datetime.now())

    def until(self, happened: Callable[[], object]) -> None:
        while not happened():
            time.sleep(0.005)

    def entry(self, strategy: Any) -> str:
        """The tag of the signal that freqtrade would enter with now."""
        candles = DataFrame({"date": [Timestamp.now("UTC").floor("5min")], "close": [100.0], "volume": [1.0]})
        _, tag = strategy.get_entry_signal(PAIR, "5m", strategy.analyze_ticker(candles, {"pair": PAIR}))
        return str(tag)

    def enter(self, strategy: Any, history: History, at: float) -> Trade:
        """As freqtrade does it: the stop loss is that of the strategy when the order is placed."""
        trade = history.open(PAIR, at, tag=self.entry(strategy))
        trade.adjust_stop_loss(100.0, strategy.stoploss, initial=True)
        history.fill(trade, history.place(trade, "buy", 0.5, 100.0, at), at + 1)
        return trade

    def exits(self, strategy: Any, trade: Trade, profit: float, at: datetime) -> list[str]:
        """Why freqtrade would leave the position at this profit, before fees."""
        exits = strategy.should_exit(trade, 100 * (1 + profit), at, enter=False, exit_=False)
        return [exit.exit_reason for exit in exits]


class A_strategy_that_follows(Following):
    def setUp(self) -> None:
        super().setUp()
        self.baseline: dict[str, Any] = {}
        self.answer: dict[str, Any] | None = None
        self.set_clock(-1)
        # An empty database.
        History(str(self.directory / "trades.sqlite"))
        self.service.decide = lambda request: (
            (Fault(200, self.answer) if self.answer else Fault(404)) if request.path.startswith("/assignment") else None
        )

    def set_clock(self, minutes: float) -> None:
        """Of the service, which the bot uses too, after the start of the history."""
        self.service.ahead = START.timestamp() + minutes * 60 - time.time()

    def clock(self) -> float:
        return time.time() + self.service.ahead

    def started(self, **more: Any) -> Any:
        strategy = self.strategy("Follower", ask_every=0.05, clock=self.clock, **more)
        self.baseline = strategy._reporter._own.settings
        return strategy

    def assign(self, arm: str, **changed: Any) -> None:
        config = {**self.baseline, **(CANDIDATE if arm == "candidate" else {}), **changed}
        block = {"arm": arm, "config": config, "config_hash": json.dumps(config), "until": "2100-01-01T00:00:00Z"}
        begin = {"experiment_id": "e", "pair": 1, "from": "2026-01-01T00:00:00Z", "next": None}
        self.answer = {**block, **begin}

    def followed(self, strategy: Any, arm: str, **changed: Any) -> None:
        self.assign(arm, **changed)
        self.until(lambda: self.is_known(strategy))
        self.loop(strategy)

    def is_known(self, strategy: Any) -> bool:
        current = strategy._reporter._following.current()
        return current is not None and self.answer is not None and current.config_hash == self.answer["config_hash"]

    def saved(self, strategy: Any) -> list[dict[str, Any]]:
        self.assertTrue(strategy._reporter._manager._sender.flush(60))
        return [request.body for request in self.service.posted("/snapshots")]

    def test_switches_what_it_enters_with_and_goes_back_to_all_of_its_own(self) -> None:
        strategy = self.started()
        own = copy.deepcopy((strategy.minimal_roi, strategy.stoploss, strategy.trailing_stop_positive))
        self.assertEqual(self.entry(strategy), "rsi below 27")
        self.followed(strategy, "candidate")
        self.assertEqual(self.entry(strategy), "rsi below 22")
        self.assertEqual((strategy.minimal_roi, strategy.stoploss), ({0: 0.02}, -0.05))
        self.assertEqual((strategy.trailing_stop_positive, strategy.config["stake_amount"]), (0.01, 50))
        self.followed(strategy, "baseline")
        self.assertEqual(self.entry(strategy), "rsi below 27")
        self.assertEqual((strategy.minimal_roi, strategy.stoploss, strategy.trailing_stop_positive), own)
        self.assertEqual(strategy.config["stake_amount"], 100)
        self.assertNotIn("trailing_stop_positive", strategy.config)
        self.assertIsInstance(strategy.last_loop, datetime)

    def test_saves_exactly_what_was_assigned_under_the_name_of_the_arm(self) -> None:
        strategy = self.started()
        self.followed(strategy, "candidate")
        self.followed(strategy, "baseline")
        first, candidate, baseline = self.saved(strategy)
        self.assertEqual(first["config"], baseline["config"])
        self.assertEqual(candidate["config"], {**self.baseline, **CANDIDATE})
        self.assertEqual(
            [each["notes"] for each in (first, candidate, baseline)],
            ["Follower", "candidate of experiment e", "baseline of experiment e"],
        )

    def test_analyses_the_latest_candle_again_with_the_new_parameters(self) -> None:
        strategy = self.started()
        strategy.dp = mock.MagicMock()
        candles = DataFrame({"date": [Timestamp("2026-03-02", tz="UTC")], "close": [100.0], "volume": [1.0]})

        def tags() -> list[str]:
            strategy._analyze_ticker_internal(candles.copy(), {"pair": PAIR})
            return [call.args[2]["enter_tag"].iloc[-1] for call in strategy.dp._set_cached_df.mock_calls]

        self.assertEqual(tags(), ["rsi below 27"])
        self.assertEqual(len(tags()), 1)
        self.followed(strategy, "candidate")
        self.assertEqual(tags(), ["rsi below 27", "rsi below 22"])

    def test_says_what_cannot_change_while_it_runs_and_saves_what_it_trades_with(self) -> None:
        strategy = self.started()
        with self.assertLogs("strategy_snapshots", "ERROR") as logged:
            self.followed(strategy, "candidate", timeframe="1h", new="setting")
        self.assertRegex(logged.output[0], "cannot change while freqtrade runs: new, timeframe$")
        self.assertEqual(self.saved(strategy)[-1]["config"], {**self.baseline, **CANDIDATE})

    def test_keeps_its_settings_when_the_assigned_ones_are_not_of_their_types(self) -> None:
        for number, wrong in enumerate(WRONG):
            with self.subTest(wrong), self.assertLogs("strategy_snapshots", "ERROR") as logged:
                # Or it could start with the wrong settings before.
                self.answer = None
                strategy = self.started(outbox=f"{self.directory}/{number}")
                self.followed(strategy, "candidate", **wrong)
                self.loop(strategy)
                self.assertEqual(len(logged.output), 1, logged.output)
                self.assertEqual((strategy.minimal_roi, strategy.stoploss, strategy.rsi.value), ({0: 0.04}, -0.1, 27))
        self.assertEqual(len({json.dumps(each["config"]) for each in self.saved(strategy)}), 1)

    def test_leaves_a_position_by_the_exits_that_it_was_entered_with(self) -> None:
        strategy = self.started()
        history = self.history(strategy)
        before = self.enter(strategy, history, 0)
        self.set_clock(5)
        self.followed(strategy, "candidate")
        after = self.enter(strategy, history, 10)
        self.followed(strategy, "baseline")
        at = START + timedelta(minutes=20)
        self.assertEqual(self.exits(strategy, before, 0.03, at), [])
        self.assertEqual(self.exits(strategy, before, 0.05, at), [ExitType.ROI.value])
        self.assertEqual(self.exits(strategy, after, 0.03, at), [ExitType.ROI.value])
        # Its parameters count in callbacks too, and only for the position.
        self.assertEqual(self.exits(strategy, before, -0.04, at), ["rsi 27, bands (1, 2)"])
        self.assertEqual(self.exits(strategy, after, -0.04, at)[0], "rsi 22, bands (2, 3)")
        self.assertEqual((strategy.minimal_roi, strategy.rsi.value, strategy.trailing_stop), ({0: 0.04}, 27, False))
        self.assertEqual((strategy.bands.value, strategy.weight.value), ((1, 2), 2))

    def test_trails_only_the_stop_of_a_position_that_was_entered_so(self) -> None:
        strategy = self.started()
        history = self.history(strategy)
        before = self.enter(strategy, history, 0)
        self.set_clock(5)
        self.followed(strategy, "candidate")
        after = self.enter(strategy, history, 10)
        for arm in ("baseline", "candidate"):
            self.followed(strategy, arm)
            for trade in (before, after):
                self.exits(strategy, trade, 0.0185, START + timedelta(minutes=20))
            self.assertEqual((before.stop_loss, round(after.stop_loss, 4)), (90.0, 100.8315))

    def test_an_order_that_is_filled_after_a_border_keeps_the_exits_of_when_it_was_placed(self) -> None:
        strategy = self.started()
        history = self.history(strategy)
        trade = history.open(PAIR, 1)
        order = history.place(trade, "buy", 0.5, 100.0, 1)
        self.set_clock(5)
        self.followed(strategy, "candidate")
        history.fill(trade, order, 6)
        self.assertIsNone(trade.get_custom_data("strategy_snapshot_exits"))
        self.assertEqual(self.enter(strategy, history, 7).get_custom_data("strategy_snapshot_exits")["stoploss"], -0.05)

    def test_restores_the_stops_that_freqtrade_resets_when_it_starts(self) -> None:
        strategy = self.started()
        history = self.history(strategy)
        before = self.enter(strategy, history, 0)
        self.set_clock(5)
        self.followed(strategy, "candidate")
        after = self.enter(strategy, history, 10)
        again = self.started()
        Trade.stoploss_reinitialization(again.stoploss)
        self.assertEqual(before.stop_loss, after.stop_loss)
        self.loop(again)
        self.assertEqual((before.stop_loss, after.stop_loss), (90.0, 95.0))
        self.assertEqual(self.exits(again, after, 0.03, START + timedelta(minutes=20)), [ExitType.ROI.value])

    def test_goes_on_from_the_disk_without_a_network_and_saves_one_snapshot(self) -> None:
        strategy = self.started()
        self.followed(strategy, "candidate")
        self.saved(strategy)
        strategy._reporter._manager._following.stop()
        outbox = self.directory / "strategy-snapshots-scalper.sqlite3-assignment.json"
        Path(f"{self.directory}/other-assignment.json").write_text(outbox.read_text())
        offline = self.strategy("Follower", endpoint=NOWHERE, outbox=f"{self.directory}/other")
        self.assertEqual((offline.stoploss, offline.rsi.value), (-0.05, 22))
        self.assertEqual(offline._reporter._manager._outbox.waiting, 1)

    def test_does_so_in_freqtrade_s_own_bot_too_across_a_restart(self) -> None:
        self.service.ahead = 0
        bot = Bot(self.config("Follower", ask_every=0.05))
        self.baseline = self.stopped_at_the_end(bot.strategy)._reporter._own.settings
        bot.round(PAIRS[:1])
        for arm, pairs in (("candidate", PAIRS[:2]), ("baseline", PAIRS)):
            self.assign(arm)
            self.until(lambda: self.is_known(bot.strategy))
            bot.round(pairs)

        def trades() -> list[tuple[str | None, float, str | None]]:
            return [(trade.enter_tag, trade.stop_loss, trade.exit_reason) for trade in Trade.get_trades().all()]

        entered = [("rsi below 27", 90.0, None), ("rsi below 22", 95.0, None), ("rsi below 27", 90.0, None)]
        self.assertEqual(trades(), entered)
        bot = Bot(self.config("Follower", ask_every=0.05))
        self.assertNotEqual(trades(), entered)
        bot.round(PAIRS)
        self.assertEqual(trades(), entered)
        bot.round(PAIRS, price=103)
        self.assertEqual([reason for _, _, reason in trades()], [None, "roi", None])
        bot.round(PAIRS, price=105)
        self.assertEqual([reason for _, _, reason in trades()], ["roi"] * 3)

    def test_does_nothing_of_it_unless_it_is_asked_to_and_never_in_a_backtest(self) -> None:
        self.strategy("Plain")
        self.strategy("Follower", runmode="backtest")
        self.assertEqual([each for each in self.service.requests if each.path.startswith("/assignment")], [])


@unittest.skipIf(MISSING, MISSING or "")
class A_fortnight(Following):
    def test_is_followed_in_all_of_its_blocks_across_a_restart(self) -> None:
        service = LocalService()
        self.addCleanup(service.close)
        # The clock moves between two requests.
        asking = threading.Lock()

        def at(day: int, minutes: float) -> float:
            """Minutes since the start of the history."""
            return (MIDNIGHT - START).total_seconds() / 60 + day * 1440 + minutes

        def move(strategy: Any, day: int, minutes: float) -> None:
            """What waits is sent before, with the clock at which it was recorded."""
            self.assertTrue(strategy._reporter._manager._sender.flush(60))
            to = MIDNIGHT + timedelta(days=day, minutes=minutes)
            with asking:
                service.move_clock(to)
            self.until(lambda: abs(strategy._reporter._manager.now() - to) < timedelta(minutes=1))

        def get(path: str, query: Mapping[str, object]) -> dict[str, Any]:
            with asking:
                answer: dict[str, Any] = manager._transport.get(path, query)
            return answer

        service.move_clock(MIDNIGHT - timedelta(hours=1))
        strategy = self.strategy("Follower", endpoint=service.url, ask_every=0.2)
        manager = strategy._reporter._manager
        self.assertTrue(manager._sender.flush(60))
        manager._following._get = get
        history = self.history(strategy)
        baseline = strategy._reporter._own.settings
        test = {"design": "switchback", "length": "1d", "candidate": {"config": {**baseline, **CANDIDATE}}}
        experiment = manager._transport.post("/experiments", json.dumps(test))
        held: tuple[str, Trade] | None = None
        arms = []
        for day in range(14):
            move(strategy, day, 1)
            if day == 7:
                strategy = self.strategy("Follower", endpoint=service.url, ask_every=0.2)
                history._order_filled = self.order_filled(strategy)
                Trade.stoploss_reinitialization(strategy.stoploss)
            self.until(lambda: manager._following.current())
            self.loop(strategy)
            arm = manager._following.current().arm
            arms.append(arm)
            self.assertEqual(self.entry(strategy), f"rsi below {22 if arm == 'candidate' else 27}")
            if held:
                # Entered in the block before: whatever is assigned now, three percent are enough for the candidate only.
                entered, trade = held
                due = self.exits(strategy, trade, 0.03, MIDNIGHT + timedelta(days=day, minutes=2))
                self.assertEqual(due, [ExitType.ROI.value] if entered == "candidate" else [])
                self.leave(history, trade, at(day, 3), 103)
            for number in range(2):
                self.leave(history, self.enter(strategy, history, at(day, 1.5)), at(day, 3), 101 + number)
            held = arm, self.enter(strategy, history, at(day, 2.5))
        move(strategy, 14, 1)
        self.assertEqual(manager.refused(), [])
        days = {"from": "2026-03-01", "to": "2026-03-15"}
        manager._transport.post("/summaries", json.dumps(days))
        seen = manager._transport.get(f"/experiments/{experiment['experiment_id']}")
        blocks = [block for pair in seen["pairs"][:7] for block in pair["blocks"]]
        self.assertEqual([block["arm"] for block in blocks], arms)
        self.assertEqual([(block["trades"], block["followed"]) for block in blocks], [(3, 3)] * 13 + [(2, 2)])
        self.assertEqual(seen["checks"]["followed"], 100)
        done = subprocess.run(
            [
                str(NODE),
                "cli/main.ts",
                "sync",
                "freqtrade",
                f"{self.directory}/trades.sqlite",
                "--json",
                "--url",
                service.url,
            ],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        counts = json.loads(done.stdout)
        self.assertEqual((counts["new"], counts["corrected"], counts["refused"]), (0, 0, []))

    def leave(self, history: History, trade: Trade, at: float, price: float) -> None:
        trade.exit_reason = "roi"
        history.fill(trade, history.place(trade, trade.exit_side, trade.amount, price, at), at + 0.5)


if __name__ == "__main__":
    unittest.main()
