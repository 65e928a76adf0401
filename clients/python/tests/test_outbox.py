"""Accepted records survive restarts, kill -9, a full queue and a full disk."""

import asyncio
import json
import logging
import random
import sqlite3
import statistics
import subprocess
import sys
import time
import unittest
from contextlib import closing
from pathlib import Path
from typing import Any
from unittest import mock

from strategy_snapshots import OutboxInUse
from strategy_snapshots.outbox import New, Outbox

from .with_fakes import NOWHERE, WithFakes, fill

CLIENT = Path(__file__).parent.parent


class The_outbox(WithFakes):
    async def test_holds_every_record_whose_call_had_returned_when_the_process_was_killed(self) -> None:
        seed = random.randrange(2**32)
        moment = random.Random(seed)
        acknowledged: list[int] = []
        for _ in range(10):
            bot = subprocess.Popen(
                [sys.executable, "-m", "tests.bot_to_be_killed", str(self.outbox), str(len(acknowledged) + 1000)],
                cwd=CLIENT,
                stdout=subprocess.PIPE,
            )
            assert bot.stdout
            acknowledged.append(int(bot.stdout.readline()))
            time.sleep(moment.uniform(0, 0.05))
            bot.kill()
            printed, _stderr = bot.communicate()
            acknowledged += [int(line) for line in printed.splitlines(keepends=True) if line.endswith(b"\n")]
        outbox = Outbox(self.outbox, 10**9)
        self.addCleanup(outbox.close)
        with closing(sqlite3.connect(self.outbox)) as rows:
            kept = [
                json.loads(body)["fill_id"] for (body,) in rows.execute("SELECT body FROM waiting WHERE kind = 'fill'")
            ]
        # The record of an interrupted call may have been stored as well.
        self.assertLessEqual({f"f-{number}" for number in acknowledged}, set(kept), f"seed {seed}")
        self.assertGreater(len(acknowledged), 20)
        self.assertEqual(outbox.waiting, len(kept))

    async def test_takes_a_record_in_well_under_a_millisecond_while_the_service_is_down(self) -> None:
        manager = self.manager(NOWHERE, send_every=5)
        took = []
        for number in range(1000):
            begun = time.perf_counter()
            await manager.link_trade_to_strategy(order_id=f"o-{number}", signal_data={"Score": {"Buy Score": 6.5}})
            took.append(1000 * (time.perf_counter() - begun))
            # A bot does something else in between.
            time.sleep(0.0005)
        quantiles = statistics.quantiles(took, n=100)
        print(
            f"a link takes {quantiles[49]:.3f} ms (median), {quantiles[98]:.3f} ms (99 %), {max(took):.3f} ms at most"
        )
        # Far above what is measured, so that the test does not fail on a busy machine.
        self.assertLess(quantiles[49], 5)

    async def test_that_is_full_drops_nothing_and_refuses_the_new_record_aloud(self) -> None:
        manager = self.manager(NOWHERE, most_waiting=3, send_every=60)
        with self.assertLogs("strategy_snapshots", logging.WARNING) as logged:
            self.assertTrue(await manager.record_fills(map(fill, range(3))))
        self.assertRegex(
            logged.output[0], r"the outbox is filling up: 3 of 3 records are waiting, the oldest since 20\d\d-"
        )
        with self.assertLogs("strategy_snapshots", logging.ERROR) as logged:
            self.assertFalse(await manager.link_trade_to_strategy(order_id="o-3"))
            self.assertIsNone(await manager.save_current_config({"a": 1}))
        self.assertIn("OutboxFull: 3 records are waiting; the limit is 3", logged.output[0])
        self.assertEqual((manager.status().waiting, manager.status().turned_away), (3, 2))

    async def test_on_a_full_disk_says_so_keeps_what_it_has_and_goes_on_once_there_is_room(self) -> None:
        manager = self.manager(NOWHERE, send_every=60)
        self.assertTrue(await manager.record_fill(**fill(0)))
        disk = manager._outbox._adding
        [pages] = disk.execute("PRAGMA page_count").fetchone()
        disk.execute(f"PRAGMA max_page_count = {pages}")
        with self.assertLogs("strategy_snapshots", logging.ERROR) as logged:
            kept = [await manager.record_fill(**fill(number)) for number in range(1, 100)]
        self.assertIn("database or disk is full", logged.output[0])
        self.assertFalse(kept[-1])
        disk.execute("PRAGMA max_page_count = 1000000")
        self.assertTrue(await manager.record_fill(**fill(100)))
        self.assertEqual(manager.status().waiting, 2 + sum(kept))
        self.assertEqual(len(manager._outbox._read("SELECT id FROM waiting")), 2 + sum(kept))

    async def test_is_one_managers_at_a_time(self) -> None:
        first = self.manager()
        with self.assertRaisesRegex(OutboxInUse, "is in use by another process or manager"):
            self.manager()
        await first.close()
        self.manager()

    async def test_is_one_processs_at_a_time(self) -> None:
        self.manager()
        other = subprocess.run(
            [sys.executable, "-m", "tests.bot_to_be_killed", str(self.outbox), "0"],
            cwd=CLIENT,
            capture_output=True,
            text=True,
        )
        self.assertIn("OutboxInUse", other.stderr)

    async def test_splits_what_no_request_could_hold(self) -> None:
        manager = self.manager(send_every=60)
        breakdown = {"text": "x" * 15_000}
        for number in range(50):
            signal = {"indicator_breakdown": breakdown}
            await manager.link_trade_to_strategy(order_id=f"o-{number}", signal_data=signal)
        self.assertTrue(await manager.flush())
        sizes = [len(request.body) for request in self.service.posted("/trade-links")]
        self.assertEqual(sum(sizes), 50)
        self.assertEqual(sizes[0], 34)

    async def test_says_what_a_damaged_log_has_lost_and_keeps_what_can_be_read(self) -> None:
        outbox = Outbox(self.outbox, 10**9)
        for number in range(2000):
            outbox.add("fill", [New(f"k-{number}", json.dumps(fill(number), default=str))])
        outbox.sync()
        log = Path(f"{self.outbox}-wal")
        damaged = bytearray(log.read_bytes())
        damaged[len(damaged) // 2] ^= 0xFF
        _abandon(outbox)
        log.write_bytes(damaged)
        with self.assertLogs("strategy_snapshots", logging.ERROR) as logged:
            again = Outbox(self.outbox, 10**9)
        self.addCleanup(again.close)
        self.assertGreater(again.waiting, 500)
        self.assertEqual(again.waiting + again.damaged, 2000)
        self.assertIn(f"up to {again.damaged} records of the outbox are lost", logged.output[0])
        again.add("fill", [New("k-new", "{}")])
        again.sync()
        again.close()
        third = Outbox(self.outbox, 10**9)
        self.addCleanup(third.close)
        self.assertEqual((third.damaged, third.waiting), (0, again.waiting))

    async def test_sets_a_changed_record_aside_and_sends_the_others(self) -> None:
        manager = self.manager(send_every=60)
        await manager.record_fills(map(fill, range(3)))
        manager._outbox._adding.execute("UPDATE waiting SET body = replace(body, '\"f-1\"', '\"f-9\"')")
        with self.assertLogs("strategy_snapshots", logging.ERROR) as logged:
            self.assertTrue(await manager.flush())
        self.assertIn("1 records of the outbox are damaged and set aside", logged.output[0])
        self.assertEqual(list(self.service.taken), ["f-0", "f-2"])
        self.assertEqual((manager.status().damaged, manager.status().refused), (1, 1))
        self.assertIn("f-9", json.loads(manager.refused()[0]["body"])["damaged"])
        self.assertEqual(manager.retry_refused(), 0)

    async def test_moves_a_file_that_sqlite_cannot_read_aside_and_goes_on_with_the_rest(self) -> None:
        outbox = Outbox(self.outbox, 10**9)
        outbox.add("fill", [New(f"k-{number}", json.dumps({"text": "x" * 300})) for number in range(500)])
        outbox.close()
        file = Path(self.outbox)
        pages = bytearray(file.read_bytes())
        for page in (10, 11):
            pages[page * 4096 : page * 4096 + 4096] = b"\x5a" * 4096
        file.write_bytes(pages)
        with self.assertLogs("strategy_snapshots", logging.ERROR) as logged:
            again = Outbox(self.outbox, 10**9)
        self.addCleanup(again.close)
        self.assertIn("the outbox is damaged", logged.output[0])
        self.assertGreater(again.waiting, 100)
        self.assertGreater(again.damaged, 0)
        self.assertEqual(len(list(file.parent.glob(f"{file.name}.damaged-*"))), 1)
        again.add("fill", [New("k-new", "{}")])

    async def test_is_one_managers_at_a_time_through_a_link_too(self) -> None:
        self.manager()
        link = Path(f"{self.outbox}-link")
        link.symlink_to(self.outbox)
        with self.assertRaisesRegex(OutboxInUse, "is in use by another process or manager"):
            self.manager(outbox=link)

    async def test_of_an_earlier_release_is_read(self) -> None:
        with closing(sqlite3.connect(self.outbox)) as old:
            old.executescript(
                "CREATE TABLE waiting (id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, key TEXT NOT NULL,"
                " body TEXT NOT NULL, saved_at REAL NOT NULL, clock_offset REAL);"
                "INSERT INTO waiting (kind, key, body, saved_at) VALUES ('fill', 'k', '{\"fill_id\": \"f-1\"}', 1);"
            )
        self.assertTrue(await self.manager().flush())
        self.assertEqual(list(self.service.taken), ["f-1"])

    async def test_a_slow_disk_does_not_stop_the_event_loop(self) -> None:
        manager = self.manager(NOWHERE, send_every=60)
        add = manager._outbox.add

        def slowly(*args: Any) -> None:
            time.sleep(0.8)
            add(*args)

        lags = []

        async def beat() -> None:
            while True:
                begun = time.perf_counter()
                await asyncio.sleep(0.005)
                lags.append(time.perf_counter() - begun - 0.005)

        with mock.patch.object(manager._outbox, "add", slowly):
            heart = asyncio.create_task(beat())
            kept = await asyncio.gather(
                *(manager.record_fill(**fill(number)) for number in range(3)),
                manager.link_trade_to_strategy(order_id="o-1", signal_data={}),
            )
            heart.cancel()
        self.assertEqual(kept, [True] * 4)
        self.assertGreater(len(lags), 20)
        # Less than one write takes, with room for a busy machine.
        self.assertLess(max(lags), 0.7)
        self.assertLess(statistics.median(lags), 0.1)


def _abandon(outbox: Outbox) -> None:
    """Copies the files as they are, as a killed process leaves them: closing the last connection would empty the log."""
    path = outbox._path
    kept = {suffix: Path(f"{path}{suffix}").read_bytes() for suffix in ("", "-wal")}
    outbox.close()
    for suffix, content in kept.items():
        Path(f"{path}{suffix}").write_bytes(content)


if __name__ == "__main__":
    unittest.main()
