"""The settings of a freqtrade strategy that can change while it runs: for new entries at a border of a test, and for an open position,
which keeps the exits that it was entered with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

from .values import storable

Settings = dict[str, Any]


def _roi(value: Any) -> dict[int, float]:
    """As freqtrade keeps it: minutes, ascending."""
    return {minutes: float(ratio) for minutes, ratio in sorted((int(key), each) for key, each in value.items())}


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{value!r} is not a number")
    return value


def _number_or_none(value: Any) -> float | None:
    return None if value is None else _number(value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{value!r} is neither true nor false")
    return value


#: What decides when a position is left: the value of each as freqtrade wants it.
_EXITS: Mapping[str, Callable[[Any], Any]] = {
    "minimal_roi": _roi,
    "stoploss": _number,
    "trailing_stop": _flag,
    "trailing_stop_positive": _number_or_none,
    "trailing_stop_positive_offset": _number,
    "trailing_only_offset_is_reached": _flag,
    "use_exit_signal": _flag,
    "exit_profit_only": _flag,
    "exit_profit_offset": _number,
    "ignore_roi_if_entry_signal": _flag,
}
#: What decides about entries only. freqtrade reads the sizes from its configuration, the other one from the strategy.
_ENTRIES: Mapping[str, Callable[[Any], Any]] = {
    "stake_amount": lambda value: value if value == "unlimited" else _number(value),
    "max_open_trades": lambda value: float("inf") if value is None else _number(value),
    "ignore_buying_expired_candle_after": _number,
}
_SWITCHED = {**_EXITS, **_ENTRIES}
#: The values of `IntParameter`s and the like.
PARAMETERS = "strategy_parameters"


class OwnSettings:
    """The settings that a strategy has at its start, and goes back to where an assignment says nothing."""

    def __init__(self, strategy: Any, settings: Settings) -> None:
        """`settings` are those of the snapshot."""
        self.settings = settings
        self._values = _values(strategy, [*_EXITS, *_ENTRIES])

    def switch(self, strategy: Any, assigned: Settings) -> tuple[Settings, list[str]]:
        """Has the strategy trade with assigned settings. Returns all settings that it trades with then, and the names of those that differ
        from the assigned ones because they cannot change while it runs.
        @raises TypeError, ValueError, AttributeError: a value is of a wrong type, and nothing was changed"""
        own = self._values
        wanted = assigned.get(PARAMETERS) or {}
        new = _Values(
            {key: _SWITCHED[key](assigned[key]) if key in assigned else value for key, value in own.attributes.items()},
            {
                name: _parameter_value(parameter, wanted[name]) if name in wanted else own.parameters[name]
                for name, parameter in strategy.enumerate_parameters()
            },
        )
        new.set(strategy)
        settings = {**self.settings, PARAMETERS: storable(new.parameters)}
        for key, value in new.attributes.items():
            if key in assigned or key in self.settings:
                # freqtrade reads some of them from its configuration, and shows all of them from there.
                settings[key] = strategy.config[key] = storable(value) if key == "minimal_roi" else value
            else:
                strategy.config.pop(key, None)
        # freqtrade analyses a candle once; so the next round analyses the latest one again, with the new parameters.
        getattr(strategy, "_IStrategy__last_candle_seen_per_pair", {}).clear()
        settings = storable(settings)
        return settings, [key for key in sorted({*settings, *assigned}) if settings.get(key) != assigned.get(key)]


def exits_of(strategy: Any) -> Settings:
    """What an open position keeps, as JSON."""
    values = _values(strategy, _EXITS)
    return storable({**values.attributes, PARAMETERS: values.parameters})  # type: ignore[no-any-return]


@contextmanager
def with_exits(strategy: Any, exits: Settings) -> Iterator[None]:
    """Has the strategy decide with the exits of a position. Its parameters count too, since `custom_exit` and others may use them."""
    now = exits_of(strategy)
    if exits == now:
        yield
        return
    before = _values(strategy, _EXITS)
    kept = exits[PARAMETERS]
    of_position = _Values(
        {key: _EXITS[key](exits[key]) for key in before.attributes if key in exits},
        {
            name: _parameter_value(parameter, kept[name])
            for name, parameter in strategy.enumerate_parameters()
            if name in kept and kept[name] != now[PARAMETERS][name]
        },
    )
    try:
        of_position.set(strategy)
        yield
    finally:
        before.set(strategy)


class _Values(NamedTuple):
    """Of a strategy, as freqtrade has them."""

    attributes: dict[str, Any]
    parameters: dict[str, Any]

    def set(self, strategy: Any) -> None:
        for key, value in self.attributes.items():
            setattr(strategy, key, value)
        for name, parameter in strategy.enumerate_parameters():
            if name in self.parameters:
                parameter.value = self.parameters[name]


def _values(strategy: Any, keys: Iterable[str]) -> _Values:
    """Without what the strategy computes itself, as a property."""
    return _Values(
        {
            key: getattr(strategy, key)
            for key in keys
            if hasattr(strategy, key) and not isinstance(getattr(type(strategy), key, None), property)
        },
        {name: parameter.value for name, parameter in strategy.enumerate_parameters()},
    )


def _parameter_value(parameter: Any, assigned: Any) -> Any:
    """@raises TypeError, ValueError"""
    from freqtrade.strategy import CategoricalParameter, IntParameter

    if isinstance(parameter, CategoricalParameter):
        for option in parameter.opt_range:
            if storable(option) == assigned:
                return option
        raise ValueError(f"{parameter.name} cannot be {assigned!r}")
    number = _number(assigned)
    if isinstance(parameter, IntParameter) and number != int(number):
        raise ValueError(f"{parameter.name} is a whole number, not {assigned!r}")
    return int(number) if isinstance(parameter, IntParameter) else float(number)


def restore_stop(trade: Any, stoploss: float) -> None:
    """When freqtrade starts, it gives every open trade the stop loss of the strategy, unless it has trailed. This undoes it."""
    if not trade.is_stop_loss_trailing and trade.initial_stop_loss_pct != -abs(stoploss):
        trade.stop_loss = 0.0
        trade.initial_stop_loss_pct = None
        trade.adjust_stop_loss(trade.open_rate, stoploss)
