"""For strategies of freqtrade: add `StrategySnapshots` before `IStrategy`, and every order is reported while freqtrade trades.

from strategy_snapshots.freqtrade import StrategySnapshots

class MyStrategy(StrategySnapshots, IStrategy):
"""

from __future__ import annotations

import functools
import hashlib
import logging
import re
import threading
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import ExitStack
from datetime import datetime, timezone
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

from .decimals import exact, plain, rounded
from .following import Assignment
from .freqtrade_settings import PARAMETERS, OwnSettings, Settings, exits_of, restore_stop, with_exits
from .manager import StrategySnapshotManager
from .values import settings_of

log = logging.getLogger("strategy_snapshots")

#: The key in freqtrade's configuration with the arguments of `StrategySnapshotManager`, and `quote_usd`.
CONFIG_KEY = "strategy_snapshots"
#: Custom data of a trade.
NAME_KEY, SNAPSHOT_KEY, EXITS_KEY = "strategy_snapshots_name", "strategy_snapshot_id", "strategy_snapshot_exits"
#: Latest changes of the settings that are kept, for orders that are filled long after they were placed.
MOST_PERIODS = 100
#: What freqtrade adds to its configuration and does not trade with: the files that it was read from, and a copy of it.
_NOT_SETTINGS = ("original_config", "config_files", CONFIG_KEY)

_managers: dict[tuple[tuple[str, str], ...], StrategySnapshotManager] = {}
_opening = threading.Lock()


class StrategySnapshots:
    """Reports the configuration when the bot starts, and every filled order, in live and dry runs only. It never raises and never waits:
    records go to an outbox, and a thread sends them. `strategy sync freqtrade` gives the same records the same ids, and sends what was
    missed.

    A strategy may set `snapshot_notes`, which say what changed and why. With `follow_assignments = True` it takes part in randomised tests:
    its settings for new entries switch at each border, and an open position keeps the exits that it was entered with."""

    snapshot_notes: str | None = None
    follow_assignments: bool = False
    _reporter: _Reporter | None = None

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        # freqtrade calls a strategy's own callback, which need not know of this class.
        if (own := cls.__dict__.get("order_filled")) is not None:
            cls.order_filled = _reporting(own)  # type: ignore[method-assign]
        if (own := cls.__dict__.get("bot_loop_start")) is not None:
            cls.bot_loop_start = _following(own)  # type: ignore[method-assign]

    def ft_bot_start(self, **kwargs: Any) -> None:
        # After the strategy's own `bot_start`, and after freqtrade has loaded the values of the parameters.
        super().ft_bot_start(**kwargs)  # type: ignore[misc]
        try:
            if _is_trading(self.config):  # type: ignore[attr-defined]
                self._reporter = _Reporter(self)
        except Exception as error:
            log.error("the strategy is not reported: %s: %s", type(error).__name__, error)

    def order_filled(self, pair: str, trade: Any, order: Any, current_time: datetime, **kwargs: Any) -> None:
        _report(self, trade, order)
        super().order_filled(pair=pair, trade=trade, order=order, current_time=current_time, **kwargs)  # type: ignore[misc]

    def bot_loop_start(self, **kwargs: Any) -> None:
        _follow(self)
        super().bot_loop_start(**kwargs)  # type: ignore[misc]

    def should_exit(self, trade: Any, *args: Any, **kwargs: Any) -> Any:
        with _exits_of(self, trade):
            return super().should_exit(trade, *args, **kwargs)  # type: ignore[misc]

    def ft_stoploss_adjust(self, current_rate: float, trade: Any, *args: Any, **kwargs: Any) -> None:
        with _exits_of(self, trade):
            super().ft_stoploss_adjust(current_rate, trade, *args, **kwargs)  # type: ignore[misc]


def _following(own: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(own)
    def bot_loop_start(self: StrategySnapshots, *args: Any, **kwargs: Any) -> None:
        _follow(self)
        own(self, *args, **kwargs)

    return bot_loop_start


def _follow(strategy: StrategySnapshots) -> None:
    try:
        if strategy._reporter is not None:
            strategy._reporter.follow(strategy)
    except Exception as error:
        log.error("the assignment is not followed: %s: %s", type(error).__name__, error)


def _exits_of(strategy: StrategySnapshots, trade: Any) -> ExitStack:
    stack = ExitStack()
    try:
        if strategy._reporter and (exits := strategy._reporter.exits_of(trade)):
            stack.enter_context(with_exits(strategy, exits))
    except Exception as error:
        log.error("the exits of a trade are unknown: %s: %s", type(error).__name__, error)
    return stack


def _reporting(own: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(own)
    def order_filled(self: StrategySnapshots, pair: str, trade: Any, order: Any, *args: Any, **kwargs: Any) -> None:
        _report(self, trade, order)
        own(self, pair, trade, order, *args, **kwargs)

    return order_filled


def _report(strategy: StrategySnapshots, trade: Any, order: Any) -> None:
    try:
        if strategy._reporter is not None:
            strategy._reporter.order_filled(trade, order)
    except Exception as error:
        log.error("an order is not reported: %s: %s", type(error).__name__, error)


class _Period(NamedTuple):
    """Time in which the settings did not change."""

    since: datetime
    #: What a position keeps that was entered then; None: there was no test.
    exits: Settings | None
    #: The service's answer to the snapshot.
    answer: Future[dict[str, Any]]


class _Reporter:
    def __init__(self, strategy: Any) -> None:
        config = strategy.config
        own = dict(config.get(CONFIG_KEY) or {})
        rates = own.pop("quote_usd", None) or {}
        #: Prices of stake currencies in USD.
        self._quote_usd = rates if isinstance(rates, Mapping) else {config["stake_currency"]: rates}
        self._name: str = config.get("bot_name", "freqtrade")
        self._manager = _manager_of({"outbox": _outbox(config, self._name), **own})
        self._reported: tuple[str, ...] = ()
        self._notes = strategy.snapshot_notes or " ".join(filter(None, (type(strategy).__name__, strategy.version())))
        self._periods: deque[_Period] = deque(maxlen=MOST_PERIODS)
        self._following = self._manager.start_following() if strategy.follow_assignments else None
        self._own = OwnSettings(strategy, settings_of(settings_of_strategy(strategy)))
        self._applied: Assignment | None = None
        #: By the id of the trade.
        self._exits: dict[int, Settings] = {}
        self._exits_without_test = exits_of(strategy)
        self._has_restored_stops = False
        assignment = self._following and self._following.current()
        if not (assignment and assignment.arm and self._switch(strategy, assignment)):
            self._save(self._own.settings, self._notes, exits=None)

    def follow(self, strategy: Any) -> None:
        """Switches the settings for new entries if another assignment applies."""
        if self._following is None:
            return
        if not self._has_restored_stops:
            self._has_restored_stops = True
            self._restore_stops()
        assignment = self._following.current()
        if assignment is None or (self._applied and self._applied.block == assignment.block):
            return
        if self._following.is_to_apply(assignment):
            self._switch(strategy, assignment)
        self._applied = assignment

    def _switch(self, strategy: Any, assignment: Assignment) -> bool:
        """Returns whether the strategy trades with what is assigned, at least as far as that can change while freqtrade runs."""
        self._applied = assignment
        try:
            settings, different = self._own.switch(strategy, assignment.config)
        except (AttributeError, TypeError, ValueError) as error:
            log.error("the strategy cannot trade with what is assigned, and keeps its settings: %s", error)
            return False
        if different:
            log.error(
                "what is assigned has other settings, which cannot change while freqtrade runs: %s",
                ", ".join(different),
            )
        exits = exits_of(strategy)
        if assignment.arm is None:
            self._exits_without_test = exits
        self._save(settings, assignment.notes or self._notes, exits=exits if assignment.arm else None)
        return True

    def _save(self, settings: Settings, notes: str, *, exits: Settings | None) -> None:
        answer = self._manager.add_config(settings, notes)
        self._periods.append(_Period(self._manager.now(), exits, answer))

    def _period_of(self, order: Any) -> _Period:
        """The one in which an order was placed."""
        begun = [period for period in self._periods if period.since <= order.order_date_utc]
        return begun[-1] if begun else self._periods[0]

    def exits_of(self, trade: Any) -> Settings | None:
        """Those that a position was entered with. None: the bot does not follow tests."""
        if self._following is None:
            return None
        if trade.id not in self._exits:
            stamped = trade.get_custom_data(EXITS_KEY)
            if stamped is None:
                return self._exits_without_test
            self._exits[trade.id] = stamped
        return self._exits[trade.id]

    def _restore_stops(self) -> None:
        from freqtrade.persistence import Trade

        for trade in Trade.get_open_trades():
            if (exits := self.exits_of(trade)) is not None:
                restore_stop(trade, exits["stoploss"])

    def order_filled(self, trade: Any, order: Any) -> None:
        """Records an order that has ended, if it was filled at least in part."""
        fill = fill_of(trade, order, self._name)
        # A callback that calls that of its parent class reports twice.
        if fill is None or self._reported == (key := (fill["fill_id"], fill["size"])):
            return
        self._reported = key
        if (rate := self._quote_usd.get(_quote(trade.pair))) is not None:
            fill["quote_usd"] = str(rate)
        is_exit = order.ft_order_side != trade.entry_side
        signal = _signal(trade, order, is_exit)
        self._manager.add_link(fill["order_id"], signal, signal_time=_time(order.order_date_utc))
        self._manager.add_fills([fill])
        if not is_exit:
            self._stamp(trade, self._period_of(order))
        elif not trade.is_open:
            self._exits.pop(trade.id, None)

    def _stamp(self, trade: Any, period: _Period) -> None:
        """Keeps with the trade the bot's name, by which `strategy sync` makes the same ids of the database; its exits, if it was entered in a
        test; and the id of the snapshot, where freqtrade's own tools find it. The id is unknown while the service is unavailable."""
        if trade.get_custom_data(NAME_KEY) is None:
            trade.set_custom_data(NAME_KEY, self._name)
        if period.exits and trade.get_custom_data(EXITS_KEY) is None:
            trade.set_custom_data(EXITS_KEY, period.exits)
        if not (period.answer.done() and period.answer.exception() is None):
            return
        if trade.get_custom_data(SNAPSHOT_KEY) is None:
            trade.set_custom_data(SNAPSHOT_KEY, str(period.answer.result()["snapshot_id"]))


def settings_of_strategy(strategy: Any) -> dict[str, Any]:
    """The configuration of freqtrade, which has ROI, stop loss and order types of the strategy, and what else decides how it trades."""
    settings = {key: value for key, value in strategy.config.items() if key not in _NOT_SETTINGS}
    file = getattr(strategy, "__file__", "")
    return {
        **settings,
        "strategy": type(strategy).__name__,
        "strategy_version": strategy.version(),
        "strategy_file_sha256": hashlib.sha256(Path(file).read_bytes()).hexdigest() if file else None,
        PARAMETERS: {name: parameter.value for name, parameter in strategy.enumerate_parameters()},
        "protections": strategy.protections,
    }


def fill_of(trade: Any, order: Any, name: str) -> dict[str, Any] | None:
    """An order of freqtrade as a fill, with the same ids and numbers as `strategy sync freqtrade` (cli/freqtrade/executions.ts): sizes are
    those after fees in the base coin, fees are the trade's rates, and the last exit has the funding. None if nothing was filled."""
    size = exact(order.filled) - exact(order.ft_fee_base)
    price = _price(order)
    if order.ft_is_open or size <= 0 or not price:
        return None
    is_exit = order.ft_order_side != trade.entry_side
    rate = trade.fee_close if is_exit else trade.fee_open
    fee = rounded(price * rounded(size) * exact(rate))
    if is_exit and not trade.is_open:
        fee += _holding_costs(trade)
    order_id = f"{name}:{trade.pair}:{order.order_id}"
    return {
        "fill_id": order_id,
        "order_id": order_id,
        "symbol": trade.pair,
        "side": "buy" if is_exit == trade.is_short else "sell",
        "price": plain(price),
        "size": plain(size),
        "fee": {"amount": plain(fee), "currency": _quote(trade.pair)},
        "position_side": "short" if trade.is_short else "long",
        "position_id": f"{name}:{trade.id}:{_milliseconds(trade.open_date_utc)}",
        "filled_at": _time(order.order_filled_utc or datetime.now(timezone.utc)),
        "placed_at": _time(order.order_date_utc),
        "source": "freqtrade",
    }


def _signal(trade: Any, order: Any, is_exit: bool) -> dict[str, Any]:
    """The tag of an order. The exit reason of a trade is that of its last exit; other exits have their own tags."""
    if not is_exit:
        why = order.ft_order_tag or trade.enter_tag
        return {"trigger": why[:100]} if why else {}
    why = (not trade.is_open and trade.exit_reason) or order.ft_order_tag
    return {"trigger": why[:100], "exit_reason": why[:200]} if why else {}


def _price(order: Any) -> Fraction:
    """What the order was filled at. Without an average, freqtrade's price is the limit, and what was paid is in the cost. A cost that is
    far from the price is something else, such as the margin."""
    if order.average:
        return exact(order.average)
    limit = exact(order.price or order.stop_price or order.ft_price)
    filled, cost = exact(order.filled), exact(order.cost)
    paid = rounded(cost / filled) if filled and cost else Fraction(0)
    if not paid or not limit:
        return limit or paid
    ratio = float(paid) / float(limit)
    return limit if abs(ratio - 1) < 1e-6 or not 1 / 1.5 <= ratio <= 1.5 else paid


def _holding_costs(trade: Any) -> Fraction:
    """The funding paid for a closed trade, which freqtrade counts as received. Interest of margin trades is left to `strategy sync`."""
    return -exact(trade.funding_fees)


def _manager_of(arguments: Mapping[str, Any]) -> StrategySnapshotManager:
    """One manager for each outbox: freqtrade makes a new strategy whenever its configuration is reloaded."""
    key = tuple(sorted((name, repr(value)) for name, value in arguments.items()))
    with _opening:
        if key not in _managers:
            _managers[key] = StrategySnapshotManager(**arguments)
        return _managers[key]


def _outbox(config: Mapping[str, Any], name: str) -> str:
    """A file for each bot, next to what freqtrade itself keeps."""
    return str(
        Path(config.get("user_data_dir", "."), f"strategy-snapshots-{re.sub(r'[^A-Za-z0-9_.-]+', '-', name)}.sqlite3")
    )


def _is_trading(config: Mapping[str, Any]) -> bool:
    mode = config.get("runmode")
    return getattr(mode, "value", mode) in ("live", "dry_run")


def _quote(pair: str) -> str:
    return pair.partition(":")[0].rpartition("/")[2]


def _milliseconds(time: datetime) -> int:
    """As freqtrade computes them for its REST API, in floats: they can be one less than the time says. All sources give the same."""
    return int(time.timestamp() * 1000)


def _time(time: datetime) -> datetime:
    milliseconds = _milliseconds(time)
    return datetime.fromtimestamp(milliseconds // 1000, timezone.utc).replace(microsecond=milliseconds % 1000 * 1000)
