"""Replaces secrets by `[redacted]`, by the rules of the service: `secrets.json` is a copy of its file."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from importlib.resources import files
from typing import Any, NamedTuple

_RULES = json.loads(files(__package__).joinpath("secrets.json").read_text("utf-8"))
_KEYS = _RULES["keys"]
MARKER: str = _RULES["marker"]


def _any_of(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.ASCII)


_SECRET, _SECRET_NUMBER, _NEVER = (_any_of(_KEYS[name]) for name in ("secret", "also_numbers", "never"))
_WEBHOOK, _HASH = _any_of(_KEYS["webhook"]), _any_of(_KEYS["hash"])
_WHOLE_TEXT = _any_of(_RULES["whole_texts"])
#: What the first group of each matches is kept.
_IN_TEXT = [re.compile(pattern, re.ASCII) for pattern in _RULES["texts"]] + [
    re.compile(pattern, re.ASCII | re.IGNORECASE) for pattern in _RULES["texts_in_any_case"]
]


class _Around(NamedTuple):
    """What the keys around a value say about it: its own key, and whether it belongs to a secret or a webhook."""

    key: str = ""
    secret: bool = False
    webhook: bool = False


def redacted(value: object) -> Any:
    """A JSON value without its secrets: those that their keys name, and those that their shapes show, at any depth. None, flags, empty
    texts and most numbers stay."""
    return _part(value, _Around())


def redacted_text(text: str) -> str:
    """Free text without what looks like a secret: private keys, tokens, URLs with credentials, assignments such as `password=…`."""
    for pattern in _IN_TEXT:
        text = pattern.sub(lambda found: found[1] + MARKER, text)
    return text


def _part(value: object, around: _Around) -> Any:
    if isinstance(value, str):
        return _text_part(value, around)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return MARKER if _SECRET_NUMBER.search(around.key) else value
    if isinstance(value, list):
        return [_part(item, around) for item in value]
    if not isinstance(value, Mapping):
        return value
    return {redacted_text(name): _part(item, _below(name, around)) for name, item in value.items()}


def _below(name: str, around: _Around) -> _Around:
    key = _in_words(name)
    is_secret = _SECRET.search(key) is not None and not _NEVER.search(key)
    return _Around(key, around.secret or is_secret, around.webhook or _WEBHOOK.search(key) is not None)


def _text_part(text: str, around: _Around) -> str:
    if not text:
        return text
    if around.secret or (around.webhook and ("://" in text or _WEBHOOK.search(around.key))):
        return MARKER
    if _WHOLE_TEXT.fullmatch(text) and not _HASH.search(around.key):
        return MARKER
    return redacted_text(text)


def _in_words(key: str) -> str:
    """A key in lower case, its words separated by `_`: `exchange-apiKey` becomes `exchange_api_key`."""
    key = re.sub("([a-z0-9])([A-Z])", r"\1_\2", key)
    key = re.sub("([A-Z])([A-Z][a-z])", r"\1_\2", key)
    return re.sub("[A-Z]+", lambda capitals: capitals[0].lower(), re.sub("[^A-Za-z0-9]+", "_", key))
