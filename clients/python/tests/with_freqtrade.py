"""Shared by the tests with the real freqtrade; importing it raises SkipTest where that package is not installed."""

from __future__ import annotations

import tempfile
import unittest
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from strategy_snapshots import StrategySnapshotManager

from .fake_service import FakeService
from .with_fakes import ended

try:
    from freqtrade.enums import RunMode
    from freqtrade.resolvers import StrategyResolver
    from freqtrade.strategy.strategy_wrapper import strategy_safe_wrapper

    from .freqtrade_history import Callback, History
except ImportError:
    raise unittest.SkipTest("freqtrade is not installed") from None

STRATEGY = """
from freqtrade.strategy import CategoricalParameter, DecimalParameter, IntParameter, IStrategy
from strategy_snapshots.freqtrade import StrategySnapshots


class Alpha(StrategySnapshots, IStrategy):
    INTERFACE_VERSION = 3
    minimal_roi = {"0": 0.04}
    stoploss = -0.1
    timeframe = "5m"
    rsi = IntParameter(10, 50, default=30, space="buy")
    exit_rsi = DecimalParameter(50, 90, default=70.5, space="sell")
    buy_params = {"rsi": 27}
    protections = [{"method": "CooldownPeriod", "stop_duration_candles": 5}]

    def version(self):
        return "1.2"

    def bot_start(self, **kwargs):
        self.calls = ["bot_start"]

    def order_filled(self, pair, trade, order, current_time, **kwargs):
        self.calls.append(order.order_id)

    def populate_indicators(self, dataframe, metadata):
        return dataframe

    populate_entry_trend = populate_exit_trend = populate_indicators


class Plain(StrategySnapshots, IStrategy):
    INTERFACE_VERSION = 3
    minimal_roi = {"0": 0.04}
    stoploss = -0.1
    populate_indicators = populate_entry_trend = populate_exit_trend = Alpha.populate_indicators


class Follower(StrategySnapshots, IStrategy):
    follow_assignments = True
    INTERFACE_VERSION = 3
    minimal_roi = {"0": 0.04}
    stoploss = -0.1
    timeframe = "5m"
    rsi = IntParameter(10, 50, default=27, space="buy")
    weight = DecimalParameter(0, 5, default=2, space="buy")
    bands = CategoricalParameter([(1, 2), (2, 3)], default=(1, 2), space="sell")

    @property
    def exit_profit_offset(self):
        return self.weight.value / 100

    def bot_loop_start(self, current_time, **kwargs):
        self.last_loop = current_time

    def populate_indicators(self, dataframe, metadata):
        return dataframe

    populate_exit_trend = populate_indicators

    def populate_entry_trend(self, dataframe, metadata):
        dataframe["enter_long"] = 1
        dataframe["enter_tag"] = f"rsi below {self.rsi.value}"
        return dataframe

    def custom_exit(self, pair, trade, current_time, current_rate, current_profit, **kwargs):
        return f"rsi {self.rsi.value}, bands {self.bands.value}" if current_profit < -0.03 else None
"""


class WithStrategy(unittest.TestCase):
    def setUp(self) -> None:
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = Path(directory.name)
        (self.directory / "alpha.py").write_text(STRATEGY)
        self.service = FakeService()
        self.addCleanup(self.service.close)

    def config(self, name: str, runmode: str = "dry_run", **more: Any) -> dict[str, Any]:
        return {
            "strategy": name,
            "strategy_path": str(self.directory),
            "user_data_dir": self.directory,
            "stake_currency": "USDT",
            "stake_amount": 100,
            "max_open_trades": 3,
            "dry_run": True,
            "exchange": {"name": "binance", "key": "the key", "secret": "the secret", "pair_whitelist": ["BTC/USDT"]},
            "telegram": {"enabled": False, "token": "1:abc", "chat_id": "77"},
            "bot_name": "scalper",
            "strategy_snapshots": {"endpoint": self.service.url, "send_every": 0, **more},
            "runmode": RunMode(runmode),
        }

    def strategy(
        self, name: str = "Alpha", *, runmode: str = "dry_run", stake_currency: str = "USDT", **more: Any
    ) -> Any:
        """A strategy as freqtrade loads it and starts it."""
        config = {**self.config(name, runmode, **more), "stake_currency": stake_currency}
        config["original_config"] = dict(config)
        strategy = StrategyResolver.load_strategy(config)
        strategy.ft_bot_start()
        return self.stopped_at_the_end(strategy)

    def stopped_at_the_end(self, strategy: Any) -> Any:
        if strategy._reporter:
            manager: StrategySnapshotManager = strategy._reporter._manager
            self.addCleanup(ended, manager._sender)
            self.addCleanup(manager._sender.stop)
            if strategy._reporter._following:
                self.addCleanup(ended, manager._following)
                self.addCleanup(manager._following.stop)
        return strategy

    def history(self, strategy: Any) -> History:
        return History(str(self.directory / "trades.sqlite"), self.order_filled(strategy))

    def order_filled(self, strategy: Any) -> Callback:
        """Calls the strategy as freqtrade's bot does."""

        def order_filled(pair: str, trade: Any, order: Any) -> None:
            strategy_safe_wrapper(strategy.order_filled, supress_error=True)(
                pair=pair, trade=trade, order=order, current_time=datetime.now(timezone.utc)
            )

        return order_filled
