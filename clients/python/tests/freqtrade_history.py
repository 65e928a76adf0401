"""Plays a history of trades with freqtrade's own persistence, as its bot does it, without an exchange.

Run with a folder, it writes there the database (trades.sqlite, freqtrade.sql) and what freqtrade itself says of it (freqtrade.jsonl): its
figures in the first line, then the trades of its REST API. Needs the package freqtrade."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from freqtrade.enums import TradingMode
from freqtrade.persistence import Order, Trade, init_db
from sqlalchemy import text

START = datetime(2026, 3, 2, 8, 0, tzinfo=timezone.utc)
#: Called as freqtrade calls a strategy's `order_filled`.
Callback = Callable[[str, Trade, Order], None]


class History:
    def __init__(self, database: str, order_filled: Callback = lambda pair, trade, order: None) -> None:
        init_db(f"sqlite:///{database}")
        # A power failure would lose what a test has just played.
        Trade.session.execute(text("PRAGMA synchronous = OFF"))
        self._order_filled = order_filled
        self._numbers = 0

    def open(self, pair: str, at: float, *, strategy: str = "Alpha", tag: str | None = None, **fields: Any) -> Trade:
        """A new trade without orders, `at` minutes after the start."""
        base, _, quote = pair.partition(":")[0].partition("/")
        trade = Trade(
            pair=pair,
            base_currency=base,
            stake_currency=quote,
            exchange="binance",
            strategy=strategy,
            timeframe=5,
            enter_tag=tag,
            stake_amount=0.0,
            amount=0.0,
            amount_requested=1.0,
            open_rate=1.0,
            open_rate_requested=1.0,
            open_date=_at(at) + timedelta(microseconds=456_789),
            is_open=True,
            fee_open=0.001,
            fee_close=0.001,
            amount_precision=8,
            price_precision=8,
            precision_mode=2,
            precision_mode_price=2,
            contract_size=1.0,
            **{"trading_mode": TradingMode.FUTURES if ":" in pair else TradingMode.SPOT, "leverage": 1.0, **fields},
        )
        Trade.session.add(trade)
        Trade.commit()
        return trade

    def place(self, trade: Trade, side: str, amount: float, price: float, at: float, **ccxt: Any) -> Order:
        self._numbers += 1
        placed = {
            "id": f"{trade.pair.replace('/', '')}-{self._numbers}",
            "symbol": trade.pair,
            "status": "open",
            "type": "limit",
            "side": trade.exit_side if side == "stoploss" else side,
            "price": price,
            "amount": amount,
            "filled": 0.0,
            "remaining": amount,
            "timestamp": _milliseconds(at),
            **ccxt,
        }
        order = Order.parse_from_ccxt_object(placed, trade.pair, side, amount, price)
        trade.orders.append(order)
        Trade.commit()
        return order

    def fill(
        self,
        trade: Trade,
        order: Order,
        at: float,
        *,
        price: float | None = None,
        fee: tuple[float, str] | None = None,
        fee_in_base: float | None = None,
        **ccxt: Any,
    ) -> None:
        """What the bot does when the exchange says that an order has ended: updates the order, its fee and the trade, then calls the
        strategy. `fee` is a rate and a currency."""
        amount = ccxt.pop("filled", order.ft_amount)
        paid = order.ft_price if price is None else price
        ended = {
            **order.to_ccxt_object(),
            "status": "closed",
            "side": order.side,
            "average": paid,
            "filled": amount,
            "remaining": order.ft_amount - amount,
            "cost": paid * amount,
            "lastTradeTimestamp": _milliseconds(at) + 123,
            **ccxt,
        }
        trade.update_order(ended)
        if fee:
            side = trade.exit_side if order.ft_order_side == "stoploss" else order.ft_order_side
            trade.update_fee(fee[0] * paid * amount, fee[1], fee[0], side)
        if fee_in_base is not None:
            order.ft_fee_base = fee_in_base
        trade.update_trade(order)
        self._order_filled(trade.pair, trade, order)
        Trade.commit()

    def buy_and_sell(
        self, pair: str, at: float, *, amount: float, entry: float, exit: float, reason: str = "roi", **fields: Any
    ) -> Trade:
        trade = self.open(pair, at, **fields)
        self.fill(trade, self.place(trade, trade.entry_side, amount, entry, at), at + 1)
        trade.exit_reason = reason
        self.fill(trade, self.place(trade, trade.exit_side, amount, exit, at + 90), at + 91.25)
        return trade


def play(history: History, *, only_live: bool = True) -> None:
    """`only_live`: what a strategy sees too, in its own stake currency."""
    win = history.buy_and_sell("BTC/USDT", 0, amount=0.0123, entry=64250.11, exit=64991.73, tag="rsi_low")
    assert not win.is_open
    history.buy_and_sell("SHIB/USDT", 10, amount=8123456.0, entry=0.00001234, exit=0.00001229, reason="stop_loss")

    _fee_in_base_coin(history)
    _stop_loss_on_the_exchange(history)
    _market_order_without_an_average(history)
    _twenty_buys_and_partial_exits(history)
    _an_order_filled_after_its_neighbour(history)
    _short_with_funding(history)
    _rebate_of_a_maker(history)
    _cancelled_orders(history)

    if not only_live:
        _trade_without_orders(history)
    history.buy_and_sell("AVAX/USDT", 2000, amount=3.3, entry=36.6, exit=35.02, strategy="Beta", reason="exit_signal")
    still_open = history.open("LTC/USDT", 2100, strategy="Beta")
    history.fill(still_open, history.place(still_open, "buy", 1.5, 81.2, 2100), 2101)
    if not only_live:
        history.buy_and_sell("ETH/BTC", 2200, amount=1.25, entry=0.0521, exit=0.0533)
        history.buy_and_sell("BTC/EUR", 2300, amount=0.05, entry=59100.5, exit=58802.25)


def _fee_in_base_coin(history: History) -> None:
    trade = history.open("SOL/USDT", 100)
    history.fill(trade, history.place(trade, "buy", 10.0, 142.5, 100), 101, fee=(0.001, "SOL"), fee_in_base=0.01)
    trade.exit_reason = "roi"
    history.fill(trade, history.place(trade, "sell", 9.99, 149.31, 160), 161, fee=(0.001, "USDT"))


def _stop_loss_on_the_exchange(history: History) -> None:
    trade = history.open("ADA/USDT", 200)
    history.fill(trade, history.place(trade, "buy", 1500.0, 0.6123, 200), 201)
    history.place(trade, "stoploss", 1500.0, 0.58, 202, type="stop_loss_limit", stopPrice=0.5811)
    history.fill(trade, trade.orders[-1], 260, price=0.57993)
    assert trade.exit_reason == "stoploss_on_exchange"


def _market_order_without_an_average(history: History) -> None:
    trade = history.open("XRP/USDT", 300)
    history.fill(trade, history.place(trade, "buy", 900.0, 0.55, 300), 301, average=None, cost=900.0 * 0.5481)
    trade.exit_reason = "exit_signal"
    history.fill(trade, history.place(trade, "sell", 900.0, 0.5712, 330), 331)


def _twenty_buys_and_partial_exits(history: History) -> None:
    trade = history.open("ETH/USDT", 400, tag="dip")
    for number in range(20):
        order = history.place(trade, "buy", 0.1 + number / 100, 3100.0 - 7.31 * number, 400 + number)
        order.ft_order_tag = f"dip {number}"
        history.fill(trade, order, 400.5 + number)
    for number, (amount, price) in enumerate([(1.0, 3060.5), (0.75, 3071.25), (1.25, 3080.0)]):
        order = history.place(trade, "sell", amount, price, 450 + 10 * number)
        order.ft_order_tag = f"take profit {number}"
        history.fill(trade, order, 451 + 10 * number)
    trade.exit_reason = "trailing_stop_loss"
    history.fill(trade, history.place(trade, "sell", trade.amount, 3020.75, 500), 501)
    assert not trade.is_open


def _an_order_filled_after_its_neighbour(history: History) -> None:
    trade = history.open("LINK/USDT", 550)
    first = history.place(trade, "buy", 10.0, 17.5, 550)
    second = history.place(trade, "buy", 5.0, 17.1, 552)
    history.fill(trade, second, 553)
    history.fill(trade, first, 558)
    trade.exit_reason = "roi"
    history.fill(trade, history.place(trade, "sell", 15.0, 17.99, 580), 581)


def _short_with_funding(history: History) -> None:
    trade = history.open("ETH/USDT:USDT", 600, is_short=True, leverage=3.0, tag="overbought")
    history.fill(trade, history.place(trade, "sell", 2.5, 3155.2, 600), 601)
    trade.set_funding_fees(-1.8125)
    history.fill(trade, history.place(trade, "buy", 1.0, 3110.9, 650), 651)
    trade.set_funding_fees(0.4375)
    trade.exit_reason = "exit_signal"
    history.fill(trade, history.place(trade, "buy", 1.5, 3090.1, 700), 701)


def _rebate_of_a_maker(history: History) -> None:
    trade = history.open("BNB/USDT", 750)
    history.fill(trade, history.place(trade, "buy", 2.0, 571.4, 750), 751, fee=(-0.0001, "USDT"))
    trade.exit_reason = "roi"
    history.fill(trade, history.place(trade, "sell", 2.0, 570.9, 770), 771, fee=(-0.0001, "USDT"))


def _cancelled_orders(history: History) -> None:
    trade = history.open("UNI/USDT", 800)
    never = history.place(trade, "buy", 30.0, 8.8, 800)
    trade.update_order({**never.to_ccxt_object(), "side": "buy", "status": "canceled", "filled": 0.0})
    history.fill(trade, history.place(trade, "buy", 30.0, 9.1, 801), 803, filled=12.5, status="canceled")
    trade.exit_reason = "roi"
    history.fill(trade, history.place(trade, "sell", 12.5, 9.4, 830), 831)


def _trade_without_orders(history: History) -> None:
    trade = history.buy_and_sell("DOT/USDT", 900, amount=20.0, entry=7.01, exit=7.25, reason="force_exit")
    for order in list(trade.orders):
        Order.session.delete(order)
    Trade.commit()


def figures() -> dict[str, Any]:
    """What freqtrade says of its closed trades in dollars."""
    closed = [trade for trade in Trade.get_trades([Trade.is_open.is_(False)]).all() if trade.stake_currency == "USDT"]
    profits = {trade.id: trade.close_profit_abs for trade in closed}
    wins, losses = [p for p in profits.values() if p > 0], [p for p in profits.values() if p < 0]
    return {
        "trades": len(profits),
        "winning": len(wins),
        "losing": len(losses),
        "profit": sum(profits.values()),
        "profit_factor": sum(wins) / -sum(losses),
        "profits": profits,
        "exit_reasons": {trade.id: trade.exit_reason for trade in closed},
    }


def _at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def _milliseconds(minutes: float) -> int:
    return int(_at(minutes).timestamp() * 1000)


def of_the_rest_api() -> list[Any]:
    """The trades as freqtrade's REST API answers them."""
    from freqtrade.rpc.api_server.api_schemas import TradeSchema

    with_rpc = [{"profit_fiat": None, **trade.to_json()} for trade in Trade.get_trades().all()]
    return [json.loads(TradeSchema.model_validate(trade).model_dump_json()) for trade in with_rpc]


def write(folder: Path) -> None:
    database = folder / "trades.sqlite"
    play(History(str(database)), only_live=False)
    lines = [json.dumps(figures()), *map(json.dumps, of_the_rest_api())]
    (folder / "freqtrade.jsonl").write_text("\n".join(lines) + "\n")
    with closing(sqlite3.connect(database)) as connection:
        # Times of the run, which would differ every time.
        connection.execute("UPDATE orders SET order_update_date = NULL")
        connection.commit()
        (folder / "freqtrade.sql").write_text("\n".join(connection.iterdump()) + "\n")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
