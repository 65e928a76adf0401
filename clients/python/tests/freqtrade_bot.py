"""freqtrade's own bot in a dry run on an exchange without a network, which fills every order at once. Needs the package freqtrade."""

from __future__ import annotations

import time
from typing import Any
from unittest import mock

from freqtrade.freqtradebot import FreqtradeBot
from pandas import DataFrame, Timedelta, Timestamp, date_range

PAIRS = ["BTC/USDT", "ETH/USDT", "SOL/USDT"]

#: What freqtrade wants in a configuration, besides what a strategy needs.
_CONFIG = {
    "timeframe": "5m",
    "dry_run_wallet": 1000,
    "tradable_balance_ratio": 0.99,
    "last_stake_amount_min_ratio": 0.5,
    "amend_last_stake_amount": False,
    "entry_pricing": {"price_side": "same", "use_order_book": False, "order_book_top": 1},
    "exit_pricing": {"price_side": "same", "use_order_book": False, "order_book_top": 1},
    "unfilledtimeout": {"entry": 10, "exit": 10, "unit": "minutes"},
    "pairlists": [{"method": "StaticPairList"}],
    "initial_state": "running",
    "dataformat_ohlcv": "json",
    "internals": {},
}


class Bot:
    def __init__(self, config: dict[str, Any]) -> None:
        self.price = 100.0
        self._orders: dict[str, dict[str, Any]] = {}
        folder = config["user_data_dir"]
        own = {"db_url": f"sqlite:///{folder}/trades.sqlite", "datadir": folder}
        exchange = {**config["exchange"], "pair_whitelist": PAIRS, "pair_blacklist": []}
        with (
            mock.patch("freqtrade.freqtradebot.ExchangeResolver.load_exchange", return_value=self._exchange()),
            mock.patch("freqtrade.freqtradebot.migrate_live_content"),
        ):
            self._bot = FreqtradeBot({**_CONFIG, **config, **own, "exchange": exchange})
            self._bot.startup()
        self.strategy: Any = self._bot.strategy

    def round(self, pairs: list[str], price: float = 100.0) -> None:
        """One round of the bot, in which these pairs can be traded at a price."""
        self.price = price
        self._bot.pairlists._whitelist = pairs
        with mock.patch.object(self._bot.pairlists, "refresh_pairlist"):
            self._bot.process()

    def _exchange(self) -> mock.MagicMock:
        market = {"quote": "USDT", "active": True, "spot": True, "precision": {}}
        exchange = mock.MagicMock(id="binance", precisionMode=2, precision_mode_price=2, timeframes=["5m"], _ft_has={})
        exchange.name = "Binance"
        exchange.markets = {pair: {**market, "symbol": pair, "base": pair[:3]} for pair in PAIRS}
        results: dict[str, Any] = {
            "get_fee": 0.001,
            "get_precision_amount": 8,
            "get_precision_price": 8,
            "get_contract_size": 1,
            "get_min_pair_stake_amount": 1,
            "get_max_pair_stake_amount": 1e9,
            "get_max_leverage": 1,
            "get_pair_quote_currency": "USDT",
            "get_proxy_coin": "USDT",
            "get_balances": {},
            "get_tickers": {},
            "get_option": False,
            "get_funding_fees": 0,
            "get_conversion_rate": 1.0,
            "get_liquidation_price": None,
            "get_trades_for_order": [],
            "order_has_fee": False,
            "check_order_canceled_empty": False,
        }
        for name, result in results.items():
            getattr(exchange, name).return_value = result
        exchange.get_rate.side_effect = lambda *_, **__: self.price
        exchange.get_pair_base_currency.side_effect = lambda pair: pair[:3]
        exchange.get_valid_pair_combination.side_effect = lambda base, quote: [f"{base}/{quote}"]
        exchange.amount_to_precision.side_effect = lambda pair, amount: amount
        exchange.amount_to_contract_precision.side_effect = lambda pair, amount: amount
        exchange.klines.side_effect = lambda *_, **__: _candles()
        exchange.create_order.side_effect = self._create_order
        exchange.fetch_order.side_effect = lambda order_id, *_: self._orders[order_id]
        exchange.fetch_order_or_stoploss_order.side_effect = exchange.fetch_order.side_effect
        return exchange

    def _create_order(self, *, pair: str, side: str, amount: float, rate: float, **_: Any) -> dict[str, Any]:
        now = int(time.time() * 1000)
        order_id = f"{pair}-{time.time_ns()}"
        order = {
            "id": order_id,
            "symbol": pair,
            "status": "closed",
            "type": "limit",
            "side": side,
            "price": rate,
            "average": rate,
            "amount": amount,
            "filled": amount,
            "remaining": 0.0,
            "cost": amount * rate,
            "timestamp": now,
            "lastTradeTimestamp": now,
            "fee": None,
        }
        self._orders[order_id] = order
        return order


def _candles() -> DataFrame:
    last = Timestamp.now("UTC").floor("5min") - Timedelta("5min")
    prices = dict.fromkeys(("open", "high", "low", "close"), 100.0)
    return DataFrame({"date": date_range(end=last, periods=30, freq="5min"), **prices, "volume": 1.0})
