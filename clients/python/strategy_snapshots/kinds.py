"""The kinds of records: where each goes, and how many at once."""

from __future__ import annotations

from typing import NamedTuple


class Kind(NamedTuple):
    name: str
    path: str
    #: The most in one request; 1 is posted alone, the others as arrays.
    most: int
    #: The field that holds the time of the bot's call, where there is one.
    time: str | None = None


SNAPSHOT = Kind("snapshot", "/snapshots", 1, "active_from")
LINK = Kind("link", "/trade-links", 500, "signal_time")
FILL = Kind("fill", "/fills", 1000)

#: In the order of sending: a link that comes after its snapshot need not be settled again.
KINDS = (SNAPSHOT, LINK, FILL)
