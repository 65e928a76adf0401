"""What tests of following share: assignments of the fake service, and a bot that follows them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any
from unittest import mock

from strategy_snapshots import Assignment, StrategySnapshotManager

from .fake_service import Fault, Received
from .with_fakes import WithFakes

ID = "0f8fad5b-d9cb-469f-a165-70867728950e"
BORDER = datetime(2026, 11, 28, 12, tzinfo=timezone.utc)
HOURS = timedelta(hours=4)
CONFIGS: dict[str | None, dict[str, Any]] = {
    None: {"rsi": 30},
    "baseline": {"rsi": 30, "key": "[redacted]"},
    "candidate": {"rsi": 27, "key": "[redacted]"},
}


def block(arm: str | None, begin: datetime, pair: int = 1) -> dict[str, Any]:
    return {
        "experiment_id": ID,
        "pair": pair,
        "arm": arm,
        "config": CONFIGS[arm],
        "config_hash": f"hash of {CONFIGS[arm]}",
        "from": begin.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "until": (begin + HOURS).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def assigned(arm: str, begin: datetime, *, then: str, pair: int = 1) -> dict[str, Any]:
    """What the service answers in a block with an arm, after which a block with another one begins."""
    return {**block(arm, begin, pair), "next": block(then, begin + HOURS, pair)}


def without_experiment(config: dict[str, Any] = CONFIGS[None], then: dict[str, Any] | None = None) -> dict[str, Any]:
    nothing = dict.fromkeys(("experiment_id", "pair", "arm", "from"))
    until = then and then["from"]
    return {**nothing, "config": config, "config_hash": f"hash of {config}", "until": until, "next": then}


class Following(WithFakes):
    def setUp(self) -> None:
        super().setUp()
        for pause, seconds in (
            ("manager.LOOK_EVERY", 0.005),
            ("manager.APPLY_AGAIN", 0.02),
            ("following.SHORTEST_PAUSE", 0.01),
        ):
            patch = mock.patch(f"strategy_snapshots.{pause}", seconds)
            patch.start()
            self.addCleanup(patch.stop)
        self.answer: dict[str, Any] | None = None
        self.service.decide = self.decide
        self.applied: list[Assignment] = []
        self.set_clock(BORDER + HOURS / 2)

    def decide(self, request: Received) -> Fault | None:
        if not request.path.startswith("/assignment"):
            return None
        return Fault(503) if self.answer is None else Fault(200, self.answer)

    def set_clock(self, at: datetime) -> None:
        """Of the service, and of the bot, which would use the service's."""
        self.service.ahead = self.ahead = at.timestamp() - time.time()

    def manager(self, endpoint: str | None = None, **settings: Any) -> StrategySnapshotManager:
        settings = {"ask_every": 0.05, "clock": lambda: time.time() + self.ahead, **settings}
        return super().manager(endpoint, **settings)

    def follow(
        self, manager: StrategySnapshotManager, apply: Callable[[Assignment], object] | None = None
    ) -> asyncio.Task[None]:
        task = asyncio.create_task(manager.follow(apply or self.applied.append))
        self.addAsyncCleanup(self.cancelled, task)
        return task

    async def cancelled(self, task: asyncio.Task[None]) -> None:
        task.cancel()
        await asyncio.wait([task])

    async def until(self, happened: Callable[[], object]) -> None:
        while not happened():
            await asyncio.sleep(0.005)

    async def saved_by(self, manager: StrategySnapshotManager, applied: int) -> None:
        """Waits until this number of assignments was applied, and the manager has recorded the latest."""
        await self.until(lambda: len(self.applied) == applied and manager.status().waiting + manager.status().sent)

    async def asked(self, times: int = 2) -> None:
        """Waits until the service was asked again, so that an answer that was on the way before has arrived."""
        so_far = self.questions()
        await self.until(lambda: self.questions() >= so_far + times)

    def questions(self) -> int:
        return sum(request.path.startswith("/assignment") for request in self.service.requests)

    def saved(self) -> list[tuple[int, str | None]]:
        """The RSI and the notes of the snapshots that the service has received."""
        bodies = [request.body for request in self.service.posted("/snapshots")]
        return [(body["config"]["rsi"], body.get("notes")) for body in bodies]
