"""The bot's clock, corrected by the service's."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime

#: Smaller differences, in seconds, are ignored: `Date` has whole seconds, and responses take time.
TOLERANCE = 10.0


def steady_clock(
    now: Callable[[], float] = time.time, elapsed: Callable[[], float] | None = None
) -> Callable[[], float]:
    """The machine's time at the start, and from then on what has elapsed: a correction of the machine's clock does not move it."""
    since = elapsed or _elapsed
    at, began = now(), since()
    return lambda: at + since() - began


def _elapsed() -> float:
    """Seconds, including those of a suspended machine where the system counts them."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


class Clock:
    """The service's time in seconds since 1970; before its first response, the bot's own time."""

    def __init__(self, now: Callable[[], float] | None = None) -> None:
        self._now = now or steady_clock()
        #: Seconds added to the bot's own time.
        self.offset = 0.0
        #: Whether a response of the service has been seen yet.
        self.known = False
        #: Identifies this process in the outbox: offsets of different processes cannot be compared.
        self.session = uuid.uuid4().hex

    def now(self) -> float:
        return self._now() + self.offset

    def compare_with(self, date: str | None) -> bool:
        """Corrects the clock by the `Date` header of a response. Returns whether it changed."""
        try:
            difference = parsedate_to_datetime(date or "").timestamp() - self.now()
        except ValueError:
            return False
        self.known = True
        # Small differences are ignored, so that the times of records keep their order.
        if is_wrong := abs(difference) > TOLERANCE:
            self.offset += difference
        return is_wrong


def instant(seconds: float) -> str:
    """Formats a time as the contract does: UTC, to the microsecond."""
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def parsed(written: str) -> datetime:
    """Parses a time of the contract. Python 3.10 parses neither `Z` nor fractions of any length."""
    whole, _, fraction = written.removesuffix("Z").partition(".")
    return datetime.fromisoformat(whole).replace(microsecond=int(fraction[:6].ljust(6, "0")), tzinfo=timezone.utc)
