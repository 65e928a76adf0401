"""Accepted records survive restarts, kill -9, a full queue and a full disk."""

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

from strategy_snapshots import OutboxInUse
from strategy_snapshots.outbox import Outbox

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


if __name__ == "__main__":
    unittest.main()
