"""The kinds of records: the path of each, and how many fit into a request."""

from __future__ import annotations

from typing import NamedTuple


class Kind(NamedTuple):
    name: str
    path: str
    #: Most records per request; 1 is posted as an object, more as an array.
    most: int
    #: The field with the time of the bot's call, if there is one.
    time: str | None = None


SNAPSHOT = Kind("snapshot", "/snapshots", 1, "active_from")
LINK = Kind("link", "/trade-links", 500, "signal_time")
FILL = Kind("fill", "/fills", 1000)

#: In the order of sending: snapshots first, so that links are attributed once.
KINDS = (SNAPSHOT, LINK, FILL)
