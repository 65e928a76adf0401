"""The background thread: sends the outbox, and waits when the service is unavailable."""

from __future__ import annotations

import json
import logging
import math
import random
import sqlite3
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from .clock import TOLERANCE, Clock, instant, parsed
from .errors import StrategyServiceError
from .kinds import KINDS, Kind
from .outbox import New, Outbox, Record
from .transport import Transport
from .values import written

log = logging.getLogger("strategy_snapshots")

#: Seconds between attempts: doubled from the first to the longest, each shortened at random by up to a half.
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 300.0
#: Seconds between writes of new records to the disk.
SYNC_EVERY = 0.1
#: Statuses for which the record is at fault and is set aside. All others concern the service, the network or permissions.
REFUSALS = {400, 409, 413, 422}
#: Bytes. Lambda accepts no more and may close the connection, which looks like a network failure: a larger record is not sent.
LARGEST_RECORD = 6 * 1000 * 1000
#: Failures (500) of a single record before it is set aside, which takes most of an hour: it must not block the others forever, and a
#: service that fails for every record gets time to recover.
MOST_FAILURES = 20


@dataclass(frozen=True)
class Status:
    """The state of the outbox. `sent` and `turned_away` count from the start of the process."""

    #: Records that have not been sent.
    waiting: int
    #: When the oldest of them was saved.
    waiting_since: datetime | None
    #: Records that the service refused; `refused()` returns them.
    refused: int
    sent: int
    #: Records that were not accepted because the outbox or the disk was full.
    turned_away: int
    #: Records that were lost or unreadable when the outbox was opened or read.
    damaged: int
    #: Failed attempts since the last success, and the last error.
    failures: int
    last_error: str | None


class Sender(threading.Thread):
    def __init__(self, outbox: Outbox, transport: Transport, clock: Clock, send_every: float, bot_id: str) -> None:
        super().__init__(name="strategy-snapshots", daemon=True)
        self._outbox = outbox
        self._transport = transport
        self._clock = clock
        self._send_every = send_every
        self._bot_id = bot_id
        # What the service knows of the records that are missing: refused, turned away, damaged.
        self._reported = (0, 0, 0)
        self._changed = threading.Condition()
        self._stopping = False
        # As time.monotonic(): when the next round is due, and when it may start at the earliest after a failure or a Retry-After.
        self._due = 0.0 if outbox.waiting else math.inf
        self._paused_until = self._closed_until = 0.0
        # Whether the thread has just written to the disk and need not be woken for every record.
        self._resting = False
        self._rounds = self._last_clean_round = 0
        self._sizes = {kind.name: kind.most for kind in KINDS}
        self._failed_alone: dict[int, int] = {}
        self._answers: dict[str, Future[dict[str, Any]]] = {}
        self.sent = self.turned_away = self.failures = 0
        self.last_error: str | None = None

    # Called by other threads:

    def add(self, kind: Kind, records: Sequence[New], *, at_once: bool = False) -> None:
        """@raises OutboxFull, sqlite3.Error"""
        try:
            self._outbox.add(kind.name, records)
        except Exception:
            self.turned_away += len(records)
            raise
        delay = 0 if at_once else self._send_every
        with self._changed:
            self._due = min(self._due, time.monotonic() + delay)
            if not (self._resting and delay):
                self._changed.notify_all()

    def answer_to(self, record: New) -> Future[dict[str, Any]]:
        """The service's answer to a snapshot. Call it before the record is added."""
        return self._answers.setdefault(record.key, Future())

    def forget_answer_to(self, record: New) -> None:
        self._answers.pop(record.key, None)

    def flush(self, timeout: float) -> bool:
        """Sends all waiting records now, without the pause between attempts. Returns whether all of them were answered within `timeout`
        seconds."""
        with self._changed:
            wanted = self._rounds + 1
            self._due = self._paused_until = 0.0
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._stopping or self._last_clean_round >= wanted, timeout)
            return self._last_clean_round >= wanted

    def wake(self) -> None:
        with self._changed:
            self._due = 0.0
            self._changed.notify_all()

    def stop(self) -> None:
        """Ends the thread after the current request; the thread closes the outbox."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()

    def status(self) -> Status:
        since = self._outbox.oldest_saved_at()
        return Status(
            waiting=self._outbox.waiting,
            waiting_since=since and datetime.fromtimestamp(since, timezone.utc) or None,
            refused=self._outbox.refused_count(),
            sent=self.sent,
            turned_away=self.turned_away,
            damaged=self._outbox.damaged,
            failures=self.failures,
            last_error=self.last_error,
        )

    # Called by the thread itself:

    def run(self) -> None:
        try:
            while self._wait_until_due():
                self._round()
        finally:
            self._outbox.close()

    def _wait_until_due(self) -> bool:
        """Meanwhile writes new records to the disk. Returns whether to continue."""
        while True:
            self._resting = self._sync()
            with self._changed:
                pause = max(self._due, self._paused_until, self._closed_until) - time.monotonic()
                if self._stopping or pause <= 0:
                    return not self._stopping
                if self._resting or not self._outbox.unsynced:
                    self._changed.wait(min(pause, SYNC_EVERY if self._resting else threading.TIMEOUT_MAX))

    def _sync(self) -> bool:
        try:
            return self._outbox.sync()
        except (sqlite3.Error, OSError) as error:
            log.error("the outbox cannot be written to the disk: %s", error)
            return True

    def _round(self) -> None:
        with self._changed:
            self._due = math.inf
            self._rounds += 1
        try:
            if self._outbox.waiting and not self._clock.known:
                # Before the first record, so that none is sent with a wrong time. This needs no signature and no database.
                self._transport.get("/health")
            for kind in KINDS:
                while not self._stopping and (batch := self._outbox.batch(kind.name, self._sizes[kind.name])):
                    self._send(kind, batch)
                    self.failures, self.last_error = 0, None
        except Exception as error:  # the records are safe, and the thread must not end
            self._pause_after(error)
        else:
            self._report()
            with self._changed:
                self._last_clean_round = self._rounds
                self._changed.notify_all()

    def _report(self) -> None:
        """Reports missing records, so that the owner sees them: in the list of bots, the report and an alarm. A report that fails is sent after
        another round."""
        missing = (self._outbox.refused_count(), self.turned_away, self._outbox.damaged)
        if missing == self._reported:
            return
        refused, turned_away, damaged = missing
        counts = {"waiting": self._outbox.waiting, "refused": refused, "turned_away": turned_away, "damaged": damaged}
        reason = self._outbox.last_refusal()
        body = {"bot_id": self._bot_id, **counts, **({"last_refusal": reason[:400]} if reason else {})}
        try:
            self._transport.post("/outboxes", written(body))
        except StrategyServiceError as error:
            # 404: a service of an older release, which cannot take it.
            if error.status != 404:
                log.debug("missing records could not be reported: %s", error)
                return
        self._reported = missing

    def _send(self, kind: Kind, batch: list[Record]) -> None:
        """@raises StrategyServiceError when the service is unavailable; the batch stays in the outbox"""
        if len(batch) == 1 and (size := len(batch[0].body.encode())) > LARGEST_RECORD:
            self._settle(batch, {0: f"it has {size:,} bytes, more than a request may have"})
            return
        batch = [self._with_right_time(kind, record) for record in batch]
        try:
            answer = self._post(kind, batch)
        except StrategyServiceError as error:
            self._refused(kind, batch, error)
            return
        reasons = _reasons(answer)
        again = {index for index in reasons if self._is_mistimed(batch[index])}
        kept = [index for index in range(len(batch)) if index not in again]
        self._settle(
            [batch[index] for index in kept],
            {place: reasons[index] for place, index in enumerate(kept) if index in reasons},
            answer,
        )
        self._sizes[kind.name] = min(kind.most, 2 * self._sizes[kind.name])

    def _post(self, kind: Kind, batch: list[Record]) -> dict[str, Any]:
        if kind.most == 1:
            answer = self._transport.post(kind.path, batch[0].body, batch[0].key)
        else:
            answer = self._transport.post(kind.path, f"[{','.join(record.body for record in batch)}]")
        if answer.keys().isdisjoint(("snapshot_id", "rejected")):
            raise StrategyServiceError("this is not an answer of the service")
        return answer

    def _refused(self, kind: Kind, batch: list[Record], error: StrategyServiceError) -> None:
        """Decides whether the record or the service is at fault. @raises StrategyServiceError: the service; the batch stays in the outbox"""
        if error.status in REFUSALS and any(map(self._is_mistimed, batch)):
            log.warning("the clock was wrong: records are sent again with the time that they should have had")
        elif reasons := _reasons(error.problem):
            self._settle(batch, reasons)
        elif error.status not in REFUSALS | {500} or not (error.problem or error.status == 413):
            raise error
        elif len(batch) > 1:
            # Too large, or one record fails the whole batch: bisect it.
            self._sizes[kind.name] = len(batch) // 2
            if error.status == 500:
                raise error
        elif error.status == 500 and not self._has_failed_often(batch[0]):
            raise error
        elif error.status == 409 and batch[0].id == self._outbox.newest(kind.name):
            self._begin_now(batch[0])
        else:
            self._settle(batch, {0: error.detail})

    def _settle(self, batch: list[Record], reasons: dict[int, str], answer: dict[str, Any] | None = None) -> None:
        self._outbox.settle(batch, reasons)
        self.sent += len(batch) - len(reasons)
        for index, reason in reasons.items():
            log.error("the service refused a %s, which is set aside: %s", batch[index].kind, reason)
        if not batch:
            return
        future = self._answers.pop(_name(batch[0]), None)
        # Whoever waited for it may have given up.
        if future and future.set_running_or_notify_cancel():
            if answer is not None:
                future.set_result(answer)
            else:
                future.set_exception(StrategyServiceError(reasons[0]))

    def _has_failed_often(self, record: Record) -> bool:
        failures = self._failed_alone.get(record.id, 0) + 1
        self._failed_alone = {record.id: failures}
        return failures >= MOST_FAILURES

    def _begin_now(self, snapshot: Record) -> None:
        """The configuration was changed elsewhere after the bot saved this one, or the clocks differ slightly. The bot trades with it, so
        it becomes active now."""
        body = json.loads(snapshot.body)
        log.warning(
            "the configuration of %s becomes active now, because a later one exists already", body.pop("active_from")
        )
        self._outbox.replace(snapshot._replace(key=f"{_name(snapshot)}-now", body=written(body), clock_offset=None))

    def _with_right_time(self, kind: Kind, record: Record) -> Record:
        """Corrects the time of a record that was written before the clock was known to be wrong."""
        if record.clock_offset is None or not self._is_mistimed(record):
            return record
        wrong_by = self._clock.offset - record.clock_offset
        body = json.loads(record.body)
        body[kind.time] = instant(parsed(body[kind.time]).timestamp() + wrong_by)
        right = record._replace(key=f"{_name(record)}-right", body=written(body), clock_offset=self._clock.offset)
        self._outbox.replace(right)
        return right

    def _is_mistimed(self, record: Record) -> bool:
        """Whether the clock was corrected since the record was written, by this process or by one that had not seen the service's clock."""
        return (
            record.clock_offset is not None
            and record.session in ("", self._clock.session)
            and abs(self._clock.offset - record.clock_offset) > TOLERANCE
        )

    def _pause_after(self, error: Exception) -> None:
        self.failures += 1
        self.last_error = str(error)
        now = time.monotonic()
        pause = pause_between_attempts(self.failures)
        with self._changed:
            self._due = now
            self._paused_until = now + pause
            self._closed_until = now + (getattr(error, "retry_after", None) or 0)
        hint = " (the signature, the clock or the bot's permissions)" if getattr(error, "status", None) == 403 else ""
        wait = max(pause, self._closed_until - now)
        log.warning("%d records are waiting: %s%s; next attempt in %.0f s", self._outbox.waiting, error, hint, wait)


def pause_between_attempts(failures: int) -> float:
    """Seconds, after this many failures in a row."""
    longest: float = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(failures - 1, 20))
    return longest * random.uniform(0.5, 1)


def _reasons(answer: Mapping[str, Any]) -> dict[int, str]:
    return {rejected["index"]: rejected["reason"] for rejected in answer.get("rejected", ())}


def _name(record: Record) -> str:
    """The key of a record when it was added, without the suffix of a corrected time."""
    return record.key.partition("-")[0]
