"""The class that a bot uses."""

from __future__ import annotations

import asyncio
import copy
import dataclasses
import functools
import inspect
import json
import logging
import math
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date, datetime, timezone
from pathlib import Path
from types import TracebackType
from typing import Any, ParamSpec, TypeVar

from .ccxt import Numbers, fill_of
from .clock import Clock, instant
from .credentials import provider
from .errors import StrategyServiceError
from .fields import fill_fields, given_fields, link_fields, strategy_fields
from .following import ASK_EVERY_AWS, ASK_EVERY_HERE, Assignment, Following, Saved
from .kinds import FILL, LINK, SNAPSHOT, Kind
from .outbox import New, Outbox
from .secrets import redacted
from .sender import Sender, Status
from .sigv4 import Credentials
from .transport import Transport
from .values import settings_of, written

log = logging.getLogger("strategy_snapshots")

NO_NUMBERS_GIVEN: Numbers = {}

P = ParamSpec("P")
T = TypeVar("T")

#: Seconds that a record waits for others: on AWS so long that a paused database sleeps in between.
SEND_EVERY_AWS, SEND_EVERY_HERE = 1800.0, 5.0
#: Seconds between two looks whether another assignment applies, and until one that could not be applied is tried again.
LOOK_EVERY, APPLY_AGAIN = 1.0, 60.0


def never_raises(
    otherwise: Callable[[], Any],
) -> Callable[[Callable[P, Coroutine[Any, Any, T]]], Callable[P, Coroutine[Any, Any, T]]]:
    """Logs every exception and returns `otherwise()`, so that the trading loop continues."""

    def around(method: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, Coroutine[Any, Any, T]]:
        @functools.wraps(method)
        async def guarded(*args: P.args, **kwargs: P.kwargs) -> T:
            try:
                return await method(*args, **kwargs)
            except Exception as error:
                log.error("%s failed: %s: %s", method.__name__, type(error).__name__, error)
                return otherwise()  # type: ignore[no-any-return]

        return guarded

    return around


class StrategySnapshotManager:
    """Reports the bot's settings, the signals of its orders, and their fills to the service.

    Records are written to a file first and sent in the background. `save_current_config`, `link_trade_to_strategy`, `record_fill(s)`,
    `compute_daily_summary`, `compare_strategies`, `follow` and `assignments` never raise: they log, and return None, False or an empty list.
    `rollback` and `coverage` raise `StrategyServiceError`.
    """

    def __init__(
        self,
        endpoint: str = "http://127.0.0.1:3000",
        *,
        bot_id: str = "default",
        outbox: str | Path = "strategy-outbox.sqlite3",
        send_every: float | None = None,
        ask_every: float | None = None,
        snapshot_wait: float = 2.0,
        timeout: float = 30.0,
        most_waiting: int = 100_000,
        credentials: tuple[str, str] | tuple[str, str, str | None] | None = None,
        profile: str | None = None,
        region: str | None = None,
        clock: Callable[[], float] | None = None,
    ) -> None:
        """All durations are in seconds. The README describes the settings.
        @raises OutboxInUse, sqlite3.Error (the outbox cannot be opened), ValueError (no AWS region, no interval)"""
        self._bot_id = bot_id
        self._snapshot_wait = snapshot_wait
        self._timeout = timeout
        self._most_waiting = most_waiting
        self._warned_at = -math.inf
        self._clock = Clock(clock)
        is_signed = endpoint.startswith("https:")
        self._transport = Transport(
            endpoint,
            # Over http the service is on this machine and needs no signature.
            credentials=provider(credentials and Credentials(*credentials), profile) if is_signed else None,
            region=region,
            clock=self._clock,
            timeout=timeout,
        )
        if ask_every is None:
            ask_every = ASK_EVERY_AWS if is_signed else ASK_EVERY_HERE
        if ask_every <= 0:
            raise ValueError("ask_every must be more than 0 seconds")
        self._saved: Saved | None = None
        self._outbox = Outbox(outbox, most_waiting)
        if send_every is None:
            send_every = SEND_EVERY_AWS if is_signed else SEND_EVERY_HERE
        self._sender = Sender(self._outbox, self._transport, self._clock, send_every, bot_id)
        self._writer = ThreadPoolExecutor(1, "strategy-snapshots-writer")
        self._sender.start()
        self._following = Following(
            self._transport.get,
            bot_id=bot_id,
            path=f"{outbox}-assignment.json",
            clock=self._clock,
            ask_every=ask_every,
            saved=lambda: self._saved,
            # What waits is sent at the same time, so that a paused database has to resume only once.
            before_asking=self._sender.wake,
        )

    @never_raises(lambda: None)
    async def save_current_config(
        self, config: object, notes: str | None = None, *, active_from: datetime | None = None
    ) -> str | None:
        """Saves the settings that the bot trades with from now on: a mapping, or an object with the settings as attributes.
        It is sent immediately, regardless of `send_every`.

        Returns the snapshot's id, or None if the service does not answer within `snapshot_wait` seconds. The snapshot is then
        in the outbox and will be active from the time of this call. `active_from` is for imports."""
        answer = self.add_config(config, notes, active_from=active_from)
        answered = asyncio.wrap_future(answer)
        await asyncio.wait([answered], timeout=self._snapshot_wait)
        if answered.done():
            return str(answered.result()["snapshot_id"])
        log.warning("the snapshot is in the outbox; its id is not known yet")
        return None

    @never_raises(lambda: False)
    async def link_trade_to_strategy(
        self,
        order_id: str | None = None,
        signal_data: Mapping[str, Any] | None = None,
        *,
        client_order_id: str | None = None,
        snapshot_id: str | None = None,
        signal_time: datetime | None = None,
        settings: Mapping[str, Any] | None = None,
    ) -> bool:
        """Reports the signal that made an order. Returns whether the record is in the outbox.

        The snapshot is the one that is active at `signal_time`, by default now. Use `client_order_id` while the order's id is
        unknown. `settings` are those that the process really trades with; the report shows where the snapshot differs."""
        link = link_fields(
            order_id, signal_data, client_order_id=client_order_id, snapshot_id=snapshot_id, settings=settings
        )
        await self._in_writer(self._add, LINK, [self._record(link, LINK, signal_time)])
        return True

    async def record_fill(self, **fill: Any) -> bool:
        """Records one execution: fill_id, order_id, symbol ("BTC-USD"), side ("buy" or "sell", in any case), price, size, filled_at (a
        datetime with a time zone); optionally fee_usd or fee ({"amount": …, "currency": …, "usd": …}), position_side ("long", "short" or
        "net"), position_id, placed_at, quote_usd (the quote's price in USD), client_order_id and source.
        A Decimal stays exact. Returns whether the record is in the outbox."""
        return await self.record_fills([fill])

    @never_raises(lambda: False)
    async def record_fills(self, fills: Iterable[Mapping[str, Any]]) -> bool:
        """Records executions, each with the fields of `record_fill`: all of them, or none."""
        await self._in_writer(self.add_fills, list(fills))
        return True

    # For bots without an event loop. They add to the outbox and return, and raise where the methods above log.

    def add_config(
        self, config: object, notes: str | None = None, *, active_from: datetime | None = None
    ) -> Future[dict[str, Any]]:
        """`save_current_config` without waiting. Returns the future answer of the service.
        @raises OutboxFull, sqlite3.Error, TypeError (no settings)"""
        record = self._record({"config": settings_of(config), "notes": redacted(notes)}, SNAPSHOT, active_from)
        answer = self._sender.answer_to(record)
        try:
            self._add(SNAPSHOT, [record], at_once=True)
        except Exception:
            self._sender.forget_answer_to(record)
            raise
        if active_from is None:
            self._saved = Saved(json.loads(record.body)["config"], answer)
        return answer

    def add_link(
        self,
        order_id: str | None = None,
        signal_data: Mapping[str, Any] | None = None,
        *,
        client_order_id: str | None = None,
        snapshot_id: str | None = None,
        signal_time: datetime | None = None,
        settings: Mapping[str, Any] | None = None,
    ) -> None:
        """`link_trade_to_strategy`. @raises OutboxFull, sqlite3.Error"""
        link = link_fields(
            order_id, signal_data, client_order_id=client_order_id, snapshot_id=snapshot_id, settings=settings
        )
        self._add(LINK, [self._record(link, LINK, signal_time)])

    def add_fills(self, fills: Iterable[Mapping[str, Any]]) -> None:
        """`record_fills`. @raises OutboxFull, sqlite3.Error"""
        self._add(FILL, [self._record(fill_fields(fill), FILL) for fill in fills])

    @never_raises(lambda: False)
    async def record_ccxt_trades(
        self,
        trades: Iterable[Mapping[str, Any]],
        *,
        prices: Numbers = NO_NUMBERS_GIVEN,
        contract_sizes: Numbers = NO_NUMBERS_GIVEN,
    ) -> bool:
        """Records trades as ccxt's `fetch_my_trades` returns them. Their ids are those of `strategy import`, so that both can be used.

        `prices` in USD are needed for fees and quotes in other currencies: {"BNB": 600, "EUR": 1.08}. Sizes of contracts come from the
        trades, or else from `contract_sizes`: {symbol: exchange.market(symbol)["contractSize"]}. Returns whether all of them are in the
        outbox; the log names those that are not, and the others are recorded."""
        fills, complete = [], True
        for trade in trades:
            try:
                fills.append(fill_of(trade, prices, contract_sizes))
            except (KeyError, TypeError, ValueError) as error:
                complete = False
                log.error("trade %s is not recorded: %s", trade.get("id"), error)
        await self._in_writer(self.add_fills, fills)
        return complete

    @never_raises(lambda: None)
    async def compute_daily_summary(self, date: date | str) -> dict[str, Any] | None:
        """Sends the outbox, and has the service compute a trading day now. Returns what was computed: from, to, days, rows.
        The service does this every night by itself."""
        await self.flush()
        # A datetime is a date too.
        day = str(date)[:10]
        return await self._post("/summaries", {"from": day})

    @never_raises(list)
    async def compare_strategies(self, limit: int = 10) -> list[dict[str, Any]]:
        """The latest snapshots, the newest first, with the performance of each: notes, active_from, active_until (datetimes;
        None: active), days_active, total_trades, avg_win_rate (%), total_pnl (USD), avg_profit_factor, avg_expectancy (USD per
        trade) and all other fields of the service. A missing number is nan."""
        answer = await self._get("/comparison", limit=limit)
        return [strategy_fields(strategy) for strategy in answer["strategies"]]

    async def coverage(self, hours: int = 24) -> dict[str, Any]:
        """How many of the orders filled in the last hours are linked; `link_rate` in %, None without orders.
        @raises StrategyServiceError"""
        return await self._get("/coverage", hours=hours)

    async def rollback(self, snapshot_id: str | None = None, notes: str | None = None) -> dict[str, Any]:
        """Makes an earlier configuration active again, by default the previous one. Returns the new snapshot; the bot has to apply its
        `config`. The outbox is sent first, because the previous configuration may still be in it.
        @raises StrategyServiceError: nothing was rolled back, or it is unknown; it is safe to call it again"""
        if not await self.flush():
            raise StrategyServiceError(f"the outbox could not be sent: {self.status().last_error}")
        body = {"snapshot_id": snapshot_id, "notes": redacted(notes)}
        return await self._post("/snapshots/rollback", body, key=uuid.uuid4().hex)

    async def follow(self, apply: Callable[[Assignment], Awaitable[object] | object]) -> None:
        """Applies what the service assigns, until the manager is closed or the task is cancelled: calls `apply(assignment)` at the start and
        at each border of a randomised test, and saves its `config` as a snapshot. Without a test it is called only when the configuration
        was changed elsewhere, for instance by a rollback. `apply` may be a coroutine function; if it raises, the error is logged, nothing
        is saved, and it is called again a minute later."""
        seen: Assignment | None = None
        while (assignment := await self._assignment_after(seen)) is not None:
            if not self._following.is_to_apply(assignment) or await self._applied(apply, assignment):
                seen = assignment
            else:
                await asyncio.sleep(APPLY_AGAIN)

    async def assignments(self) -> AsyncIterator[Assignment]:
        """What the bot is to trade with: now, and whenever it changes. For bots that apply and save it themselves."""
        seen: Assignment | None = None
        while (seen := await self._assignment_after(seen)) is not None:
            yield seen

    async def flush(self, timeout: float | None = None) -> bool:
        """Sends the outbox. Returns whether the service has accepted or refused all of it within `timeout` seconds, by default that
        of one request."""
        return await asyncio.to_thread(self._sender.flush, self._timeout if timeout is None else timeout)

    def now(self) -> datetime:
        """The service's time; before its first response, the bot's own."""
        return datetime.fromtimestamp(self._clock.now(), timezone.utc)

    def status(self) -> Status:
        return self._sender.status()

    def refused(self) -> list[dict[str, Any]]:
        """The records that the service refused, oldest first: id, kind, body (JSON), reason, saved_at, refused_at (seconds since 1970)."""
        return self._outbox.refused()

    def retry_refused(self) -> int:
        """Queues all refused records again, for instance after an upgrade of the service. Returns their number."""
        count = self._outbox.take_back()
        self._sender.wake()
        return count

    async def close(self, timeout: float = 5.0) -> None:
        """Sends what it can within `timeout` seconds, and stops. The rest stays in the file for the next start."""
        self._following.stop()
        await self.flush(timeout)
        self._sender.stop()
        for thread in (self._sender, self._following):
            if thread.is_alive():
                await asyncio.to_thread(thread.join, 1.0)
        self._writer.shutdown(wait=False)

    async def __aenter__(self) -> StrategySnapshotManager:
        return self

    async def __aexit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        await self.close()

    def _record(self, fields: Mapping[str, Any], kind: Kind, at: datetime | None = None) -> New:
        """A record with its time: `at`, or else now, which is corrected later if the clock turns out to be wrong."""
        body = {"bot_id": self._bot_id, **given_fields(fields)}
        offset = None
        if kind.time:
            offset = None if at else self._clock.offset
            body[kind.time] = at.isoformat() if at else instant(self._clock.now())
        return New(uuid.uuid4().hex, written(body), offset, self._clock.session if self._clock.known else "")

    async def _in_writer(self, write: Callable[..., None], *args: object) -> None:
        """Writes in a thread and waits for it, so that a slow disk does not stop the event loop. One thread keeps the order of the calls."""
        await asyncio.get_running_loop().run_in_executor(self._writer, write, *args)

    def _add(self, kind: Kind, records: list[New], *, at_once: bool = False) -> None:
        self._sender.add(kind, records, at_once=at_once)
        waiting, now = self._outbox.waiting, time.monotonic()
        if waiting >= 0.8 * self._most_waiting and now >= self._warned_at + 600:
            self._warned_at = now
            since = self.status().waiting_since
            log.warning(
                "the outbox is filling up: %d of %d records are waiting, the oldest since %s",
                waiting,
                self._most_waiting,
                since,
            )

    async def _assignment_after(self, seen: Assignment | None) -> Assignment | None:
        """Waits for another assignment than the one that was seen last. None: the manager is closed."""
        self.start_following()
        while not self._following.is_stopping:
            current = self._following.current()
            if current is not None and (seen is None or current.block != seen.block):
                return dataclasses.replace(current, config=copy.deepcopy(current.config))
            await asyncio.sleep(LOOK_EVERY)
        return None

    def start_following(self) -> Following:
        """For bots without an event loop: asks for assignments in the background. `current()` of what it returns says which one applies."""
        if self._following.ident is None:
            self._following.start()
        return self._following

    async def _applied(self, apply: Callable[[Assignment], Awaitable[object] | object], assignment: Assignment) -> bool:
        # What `apply` does to the configuration, such as adding its secrets, is not saved.
        own = dataclasses.replace(assignment, config=copy.deepcopy(assignment.config))
        try:
            if inspect.isawaitable(result := apply(own)):
                await result
        except Exception as error:
            log.error(
                "the assignment could not be applied, next attempt in %.0f s: %s: %s",
                APPLY_AGAIN,
                type(error).__name__,
                error,
            )
            return False
        await self.save_current_config(assignment.config, notes=assignment.notes)
        return True

    async def _get(self, path: str, **query: object) -> dict[str, Any]:
        return await asyncio.to_thread(self._transport.get, path, {"bot_id": self._bot_id, **query})

    async def _post(self, path: str, fields: Mapping[str, Any], key: str | None = None) -> dict[str, Any]:
        return await asyncio.to_thread(self._transport.post, path, written({"bot_id": self._bot_id, **fields}), key)
