"""Converts a bot's configuration, signals and fills to JSON."""

from __future__ import annotations

import dataclasses
import json
import logging
import math
from collections.abc import Mapping, Set
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any

from .secrets import redacted

_LEFT_OUT = object()

log = logging.getLogger("strategy_snapshots")


def settings_of(config: object) -> dict[str, Any]:
    """The settings in a mapping, or in the public attributes of an object and its class.
    Methods and values without a JSON type (a logger, a connection) are left out; secrets are replaced by `[redacted]`."""
    if not isinstance(config, Mapping):
        config = _attributes(config)
    settings = storable(config)
    if not isinstance(settings, dict) or not settings:
        raise TypeError(
            "the configuration has no settings: pass a mapping, or an object with the settings as attributes"
        )
    return redacted(settings)  # type: ignore[no-any-return]


def storable(value: object) -> Any:
    """Converts a value to JSON types. NaN and infinities become null, sets are sorted, and a Decimal becomes a number."""
    kept = _kept(value)
    return None if kept is _LEFT_OUT else kept


def written(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _attributes(config: object) -> Mapping[str, object]:
    if callable(dump := getattr(config, "model_dump", None)):  # pydantic
        return dump()  # type: ignore[no-any-return]
    return {name: _attribute(config, name) for name in dir(config) if not name.startswith("_")}


def _attribute(config: object, name: str) -> object:
    try:
        return getattr(config, name)
    except Exception as error:  # for instance a property that needs a connection; the other settings are fine
        log.warning("%s of the configuration cannot be read and is left out: %r", name, error)
        return _LEFT_OUT


def _kept(value: object) -> Any:
    if isinstance(value, Enum):
        return _kept(value.value)
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, (float, Decimal)):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, date):  # a datetime too
        return value.isoformat()
    if isinstance(value, Mapping):
        kept = {str(key): _kept(item) for key, item in value.items()}
        return {key: item for key, item in kept.items() if item is not _LEFT_OUT}
    if isinstance(value, (list, tuple)):
        return [item for item in map(_kept, value) if item is not _LEFT_OUT]
    if isinstance(value, Set):
        return sorted(_kept(list(value)), key=written)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _kept({field.name: getattr(value, field.name) for field in dataclasses.fields(value)})
    if not isinstance(value, type) and callable(plain := getattr(value, "tolist", None)):  # numpy
        return _kept(plain())
    return _LEFT_OUT
