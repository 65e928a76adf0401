"""What the service assigns to the bot: asked for in the background, and kept on disk for the time without a network."""

from __future__ import annotations

import json
import logging
import os
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from .clock import Clock, parsed
from .errors import StrategyServiceError
from .sender import pause_between_attempts
from .values import written

log = logging.getLogger("strategy_snapshots")

#: Seconds between requests: on AWS so long that a paused database sleeps in between.
ASK_EVERY_AWS, ASK_EVERY_HERE = 1800.0, 60.0
#: Seconds before each multiple of that: blocks begin on the full or half hour, and the bot should know then of a test that was started
#: in the meantime, even if the database has to resume first.
AHEAD = 120.0
#: Seconds at least between two requests, whatever the service answers.
SHORTEST_PAUSE = 1.0


@dataclass(frozen=True)
class Assignment:
    """What the bot is to trade with, for new entries."""

    #: The test; None: there is none, and `config` is that of the active snapshot.
    experiment_id: str | None
    #: None: no test, or between two runs of one.
    pair: int | None
    #: "baseline" or "candidate"; None: no test.
    arm: str | None
    #: Secrets are `[redacted]`: the bot keeps its own.
    config: dict[str, Any]
    config_hash: str
    #: When the block begins, and ends.
    from_: datetime | None
    until: datetime | None

    @property
    def block(self) -> tuple[object, ...]:
        """Differs between two assignments that have to be applied one after the other."""
        return self.experiment_id, self.arm, self.from_, self.config_hash

    @property
    def notes(self) -> str | None:
        """The notes of its snapshot, the same in all blocks of an arm."""
        return f"{self.arm} of experiment {self.experiment_id[:8]}" if self.experiment_id else None


class Saved(NamedTuple):
    """The configuration that the bot saved last, and the service's answer to it."""

    config: dict[str, Any]
    answer: Future[dict[str, Any]]

    def is_accepted(self) -> bool:
        return self.answer.done() and not self.answer.cancelled() and self.answer.exception() is None


class _Known(NamedTuple):
    now: Assignment
    then: Assignment | None
    #: Whether it was read from the disk.
    is_old: bool


class Following(threading.Thread):
    def __init__(
        self,
        get: Callable[[str, Mapping[str, object]], dict[str, Any]],
        *,
        bot_id: str,
        path: str | Path,
        clock: Clock,
        ask_every: float,
        saved: Callable[[], Saved | None],
        before_asking: Callable[[], None],
    ) -> None:
        """`path` is the file in which the assignment is kept."""
        super().__init__(name="strategy-assignments", daemon=True)
        self._get = get
        self._bot_id = bot_id
        self._path = Path(path)
        self._clock = clock
        self._ask_every = ask_every
        self._saved = saved
        self._before_asking = before_asking
        self._stopping = threading.Event()
        self._failures = 0
        self._known = self._read()

    # Called by other threads:

    def current(self) -> Assignment | None:
        """What applies now. None: the bot keeps what it trades with. It reads no file and waits for nothing."""
        if (known := self._known) is None:
            return None
        now = self._clock.now()
        if known.now.until is None or now < known.now.until.timestamp():
            # What the service said before a restart is out of date, unless it said until when it applies.
            is_valid = not known.is_old or (known.now.until is not None and known.now.arm is not None)
            return known.now if is_valid else None
        if known.then and known.then.until and now < known.then.until.timestamp():
            return known.then
        return None

    def is_to_apply(self, assignment: Assignment) -> bool:
        """In a test always. Without one the bot's own configuration applies, unless the service has a later one."""
        saved = self._saved()
        if assignment.arm is not None or saved is None:
            return True
        return saved.is_accepted() and saved.config != assignment.config

    def stop(self) -> None:
        self._stopping.set()

    @property
    def is_stopping(self) -> bool:
        return self._stopping.is_set()

    # Called by the thread itself:

    def run(self) -> None:
        pause = 0.0
        while not self._stopping.wait(pause):
            try:
                pause = self._ask()
                self._failures = 0
            except Exception as error:  # the bot keeps its assignment, and the thread must not end
                self._failures += 1
                pause = max(pause_between_attempts(self._failures), getattr(error, "retry_after", None) or 0)
                log.warning("the assignment is not known: %s; next attempt in %.0f s", error, pause)

    def _ask(self) -> float:
        """Returns the seconds until the next request."""
        saved = self._saved()
        has_arrived = saved is None or saved.answer.done()
        self._before_asking()
        answer = self._answer()
        known = None if answer is None else _known(answer, is_old=False)
        if (known is None or known.now.arm is None) and not (has_arrived and self._saved() is saved):
            # The bot's latest configuration was on the way: the service's active snapshot may have been an older one.
            return SHORTEST_PAUSE
        if self.is_stopping:
            # The file may belong to another manager by now.
            return 0
        if answer is not None and known != self._known:
            self._known = known
            self._write(answer)
        return self._until_next_request()

    def _answer(self) -> dict[str, Any] | None:
        """None: the bot has saved no configuration yet. @raises StrategyServiceError"""
        try:
            return self._get("/assignment", {"bot_id": self._bot_id})
        except StrategyServiceError as error:
            if error.status != 404:
                raise
            return None

    def _until_next_request(self) -> float:
        now = self._clock.now()
        pause = self._ask_every - (now + AHEAD) % self._ask_every
        if self._known and self._known.now.until:
            border = self._known.now.until.timestamp() - now
            # The clocks may differ slightly: the service may not have reached the border yet.
            pause = min(pause, border) if border > 0 else SHORTEST_PAUSE
        return max(pause, min(SHORTEST_PAUSE, self._ask_every))

    def _read(self) -> _Known | None:
        try:
            kept = json.loads(self._path.read_text())
            return _known(kept["assignment"], is_old=True) if kept["bot_id"] == self._bot_id else None
        except FileNotFoundError:
            return None
        except Exception as error:
            log.warning("the assignment in %s cannot be read and is ignored: %r", self._path, error)
            return None

    def _write(self, answer: Mapping[str, Any]) -> None:
        """Replaces the file as a whole, so that it is never half written."""
        new = self._path.with_name(f"{self._path.name}.new")
        try:
            with open(new, "w") as file:
                file.write(written({"bot_id": self._bot_id, "assignment": answer}))
                file.flush()
                os.fsync(file.fileno())
            os.replace(new, self._path)
        except OSError as error:
            log.error("the assignment cannot be written to the disk, and does not survive a restart: %s", error)


def _known(answer: Mapping[str, Any], *, is_old: bool) -> _Known:
    """@raises StrategyServiceError"""
    try:
        return _Known(_assignment(answer), answer["next"] and _assignment(answer["next"]), is_old)
    except (AttributeError, KeyError, TypeError, ValueError):
        raise StrategyServiceError("this is not an answer of the service") from None


def _assignment(block: Mapping[str, Any]) -> Assignment:
    if not isinstance(block["config"], dict):
        raise TypeError("the config of an assignment is an object")
    return Assignment(
        experiment_id=block["experiment_id"],
        pair=block["pair"],
        arm=block["arm"],
        config=block["config"],
        config_hash=block["config_hash"],
        from_=block["from"] and parsed(block["from"]),
        until=block["until"] and parsed(block["until"]),
    )
