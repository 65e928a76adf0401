"""The fields of what a bot reports, and of what the service answers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from .clock import parsed
from .decimals import written_decimal
from .secrets import redacted
from .values import storable

#: The fields of a signal that the service stores.
SIGNAL_FIELDS = ("Score", "trigger", "exit_reason", "indicator_breakdown")
#: Sent as text, whatever type the exchange's library uses.
IDS = ("fill_id", "order_id", "client_order_id", "position_id")
#: Fields of a strategy that are not numbers, and stay None when they are null.
NO_NUMBERS = ("notes", "active_until", "marked_at", "last_date")


def given_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that have a value, with ids as text."""
    given = {name: value for name, value in fields.items() if value is not None}
    return {name: str(value) if name in IDS else value for name, value in given.items()}


def link_fields(
    order_id: str | None,
    signal_data: Mapping[str, Any] | None,
    *,
    client_order_id: str | None,
    snapshot_id: str | None,
    settings: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """A link without its time. Secrets are replaced by `[redacted]`."""
    signal = {name: signal_data[name] for name in SIGNAL_FIELDS if name in signal_data} if signal_data else None
    return {
        "order_id": order_id,
        "client_order_id": client_order_id,
        "snapshot_id": snapshot_id,
        "signal_data": redacted(storable(signal)),
        "settings": redacted(storable(settings)),
    }


def fill_fields(fill: Mapping[str, Any]) -> dict[str, Any]:
    """Decimals as text, so that no digit is lost; ids unchanged; the side in lower case."""
    exact = {name: value if name in IDS else _with_exact_decimals(value) for name, value in fill.items()}
    return {**exact, "side": exact["side"].lower()} if isinstance(exact.get("side"), str) else exact


def strategy_fields(strategy: Mapping[str, Any]) -> dict[str, Any]:
    """A strategy of the comparison: missing numbers are nan, times are datetimes."""
    shown: dict[str, Any] = {
        name: math.nan if value is None and name not in NO_NUMBERS else value for name, value in strategy.items()
    }
    for name in ("active_from", "active_until"):
        shown[name] = shown[name] and parsed(shown[name])
    return shown


def _with_exact_decimals(value: object) -> Any:
    if isinstance(value, Decimal):
        return written_decimal(value)
    if isinstance(value, Mapping):
        return {str(name): _with_exact_decimals(item) for name, item in value.items()}
    return storable(value)
