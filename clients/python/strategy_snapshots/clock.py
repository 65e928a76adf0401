"""The bot's clock, put right by that of the service."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime

#: Differences up to this many seconds are left alone: `Date` counts whole seconds, and answers take their time.
TOLERANCE = 10.0


class Clock:
    """Tells the time in seconds since 1970, as the service would. Until its first answer that is the bot's own time."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        #: What is added to the bot's own time, in seconds.
        self.offset = 0.0
        #: Whether the service has told its time yet.
        self.known = False

    def now(self) -> float:
        return self._now() + self.offset

    def compare_with(self, date: str | None) -> bool:
        """Takes the `Date` of an answer, and says whether the clock has changed for it."""
        try:
            difference = parsedate_to_datetime(date or "").timestamp() - self.now()
        except ValueError:
            return False
        self.known = True
        # Not for every little: times that are told must keep their order.
        if is_wrong := abs(difference) > TOLERANCE:
            self.offset += difference
        return is_wrong


def instant(seconds: float) -> str:
    """As the contract writes a time: UTC, to the microsecond."""
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def parsed(written: str) -> datetime:
    """The instant that a text of the contract means. Python 3.10 reads neither `Z` nor a fraction of any length."""
    whole, _, fraction = written.removesuffix("Z").partition(".")
    return datetime.fromisoformat(whole).replace(microsecond=int(fraction[:6].ljust(6, "0")), tzinfo=timezone.utc)
