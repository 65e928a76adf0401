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
#: What keys of words in lower case do not have.
_SEPARATED = re.compile("[^a-z0-9_]|__")
_WHOLE_TEXT = _any_of(_RULES["whole_texts"])
_SCHEME = re.compile(_RULES["url_credentials"]["scheme"], re.ASCII | re.IGNORECASE)
_CREDENTIALS = re.compile(_RULES["url_credentials"]["rest"], re.ASCII | re.IGNORECASE)
#: Most characters of a scheme, and of credentials with the `@` after them.
_LONGEST_SCHEME, _LONGEST_CREDENTIALS = 21, 702
_TEXTS = [re.compile(pattern, re.ASCII) for pattern in _RULES["texts"]]
_ASSIGNMENTS = [re.compile(pattern, re.ASCII | re.IGNORECASE) for pattern in _RULES["assignments"]]
_WEBHOOK_URL = re.compile(_RULES["webhook_urls"]["url"], re.ASCII | re.IGNORECASE)
#: What every webhook URL has: most texts with URLs have none of it.
_NAMES_WEBHOOK = re.compile(_RULES["webhook_urls"]["needs"], re.ASCII | re.IGNORECASE)
#: Texts without these are too short for the shape of a secret, as most are.
_MAY_HAVE_SECRET = re.compile("[:=@]|.{20}", re.DOTALL)


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
    if not _MAY_HAVE_SECRET.search(text):
        return text
    text = _without(_TEXTS, text)
    if _NAMES_WEBHOOK.search(text):
        text = _without([_WEBHOOK_URL], text)
    return _without(_ASSIGNMENTS, _without_credentials(text))


def _without(secrets: list[re.Pattern[str]], text: str) -> str:
    """What the first group of each matches is kept."""
    for secret in secrets:
        text = secret.sub(lambda found: found[1] + MARKER, text)
    return text


def _without_credentials(text: str) -> str:
    """Removes the credentials of URLs. One expression for all of it would try every letter as the begin of a scheme, and follow each URL to
    the end in search of an `@`."""
    clean, end, at = "", 0, 0
    slashes = text.find("://")
    while slashes != -1 and at != -1:
        begin = slashes + 3
        if at < begin:
            at = text.find("@", begin)
        is_near = 0 <= at - begin < _LONGEST_CREDENTIALS
        if is_near and _SCHEME.search(text, max(end, slashes - _LONGEST_SCHEME), slashes):
            found = _CREDENTIALS.match(text, begin)
            if found:
                clean += text[end:begin] + MARKER
                end = found.end()
        slashes = text.find("://", max(slashes + 1, end))
    return clean + text[end:]


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
    if not _SEPARATED.search(key):
        return key
    key = re.sub("([a-z0-9])([A-Z])", r"\1_\2", key)
    key = re.sub("([A-Z])([A-Z][a-z])", r"\1_\2", key)
    return re.sub("[A-Z]+", lambda capitals: capitals[0].lower(), re.sub("[^A-Za-z0-9]+", "_", key))
