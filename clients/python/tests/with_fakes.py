"""Shared by the tests of the whole client."""

from __future__ import annotations

import logging
import tempfile
import threading
import unittest
from pathlib import Path
from typing import Any
from unittest import mock

from strategy_snapshots import StrategySnapshotManager

from .fake_service import FakeService

#: Nothing listens there.
NOWHERE = "http://127.0.0.1:9"


class WithFakes(unittest.IsolatedAsyncioTestCase):
    """A fake service, an outbox in a temporary directory, and pauses of milliseconds between attempts."""

    def setUp(self) -> None:
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.outbox = Path(directory.name, "outbox.sqlite3")
        self.service = FakeService()
        self.addCleanup(self.service.close)
        pauses = mock.patch.multiple("strategy_snapshots.sender", FIRST_PAUSE=0.02, LONGEST_PAUSE=0.04)
        pauses.start()
        self.addCleanup(pauses.stop)
        quiet = mock.patch.object(logging, "lastResort", logging.NullHandler())
        quiet.start()
        self.addCleanup(quiet.stop)

    def manager(self, endpoint: str | None = None, **settings: Any) -> StrategySnapshotManager:
        settings = {"outbox": self.outbox, "send_every": 0, **settings}
        manager = StrategySnapshotManager(endpoint or self.service.url, **settings)
        # What a thread logs late would count in the next test.
        for thread in (manager._sender, manager._following):
            self.addCleanup(ended, thread)
        self.addAsyncCleanup(manager.close, timeout=0)
        return manager


def ended(thread: threading.Thread) -> None:
    if thread.ident is not None:
        thread.join(60)


def fill(number: int) -> dict[str, Any]:
    """The arguments of a fill."""
    return {
        "fill_id": f"f-{number}",
        "order_id": f"o-{number}",
        "symbol": "BTC-USD",
        "side": "buy",
        "price": "97000",
        "size": "0.001",
        "filled_at": "2026-11-21T10:00:00Z",
    }
