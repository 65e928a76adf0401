"""Against the real service."""

from __future__ import annotations

import asyncio
import os
import random
import subprocess
import sys
import time
import unittest
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from strategy_snapshots.clock import parsed

from .local_service import MISSING, BadRoad, LocalService
from .simulated_hour import steps
from .with_fakes import NOWHERE, WithFakes

CLIENT = Path(__file__).parent.parent


@unittest.skipIf(MISSING, MISSING or "")
class The_real_service(WithFakes):
    real: LocalService

    @classmethod
    def setUpClass(cls) -> None:
        cls.real = LocalService()
        cls.addClassCleanup(cls.real.close)

    def test_shows_the_quick_start_of_the_old_documentation_its_comparison(self) -> None:
        played = subprocess.run(
            [sys.executable, "examples/quick_start.py", self.real.url],
            cwd=CLIENT,
            env={**os.environ, "PYTHONPATH": str(CLIENT)},
            capture_output=True,
            text=True,
            timeout=60,
        )
        self.assertEqual(played.stderr, "")
        self.assertRegex(
            played.stdout,
            r"""^Snapshot [0-9a-f-]{36} is active
Baseline: RSI weight 2.5: 5 trades, 40.0% win, \$2.50, PF 1.29, expectancy \$0.50
100% of the orders are linked
$""",
        )

    async def test_has_the_same_numbers_after_an_hour_out_of_reach_with_a_client_that_was_killed(self) -> None:
        begin = datetime.now(timezone.utc).replace(microsecond=0) - timedelta(hours=3)
        calm = self.manager(self.real.url, bot_id="calm", outbox=f"{self.outbox}-calm", snapshot_wait=10)
        for step in steps(begin):
            await step(calm)
        self.assertTrue(await calm.flush())

        road = BadRoad(self.real.url)
        self.addCleanup(road.close)
        kills = await asyncio.to_thread(self.play_the_hour_on, road, begin)
        self.assertGreaterEqual(kills, 5)
        faulty = self.manager(road.url, bot_id="faulty")
        self.assertTrue(await faulty.flush())
        self.assertGreater(road.lost, 0)

        for manager in (calm, faulty):
            self.assertEqual((manager.status().waiting, manager.refused()), (0, []))
        expected, found = await self.numbers("calm", begin), await self.numbers("faulty", begin)
        self.assertEqual(found, expected)
        self.assertEqual([strategy["total_trades"] for strategy in found["comparison"]], [45, 45])
        self.assertEqual((found["coverage"]["orders"], found["coverage"]["link_rate"]), (180, 100))

    def play_the_hour_on(self, road: BadRoad, begin: datetime) -> int:
        """Plays it in a process that is killed at random and continues where it was, first without a service and then with it.
        Returns how often it was killed."""
        moment = random.Random(3)
        last = len(steps(begin)) - 1
        done, kills = -1, 0
        while done < last:
            road.is_open = done > last * 2 / 3
            arguments = [road.url, str(self.outbox), begin.isoformat(), str(done + 1)]
            bot = subprocess.Popen(
                [sys.executable, "-m", "tests.simulated_hour", *arguments],
                cwd=CLIENT,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
            assert bot.stdout
            until = done + moment.randrange(30, 80)
            for line in bot.stdout:
                done = int(line)
                if done >= until:
                    break
            time.sleep(moment.uniform(0, 0.01))
            kills += bot.poll() is None
            bot.kill()
            # It repeats what it did after the last line that was read.
            bot.communicate()
        return kills

    async def numbers(self, bot: str, begin: datetime) -> dict[str, Any]:
        """The service's records of a bot, without the ids that differ between two bots."""
        manager = self.manager(self.real.url, bot_id=bot, outbox=f"{self.outbox}-reads-{bot}")
        for day in {begin.date(), (begin + timedelta(hours=1)).date()}:
            self.assertIsNotNone(await manager.compute_daily_summary(day))
        transport = manager._transport
        snapshots = transport.get("/snapshots", {"bot_id": bot})["snapshots"]
        order = {snapshot["snapshot_id"]: place for place, snapshot in enumerate(snapshots)}

        def shown(row: dict[str, Any]) -> dict[str, Any]:
            kept = {
                name: value
                for name, value in row.items()
                if name not in ("bot_id", "trade_id", "from", "to", "created_at")
            }
            return {name: order[value] if name.endswith("snapshot_id") else value for name, value in kept.items()}

        trades = transport.get("/trades", {"bot_id": bot, "limit": 500})["trades"]
        strategies = transport.get("/comparison", {"bot_id": bot})["strategies"]
        return {
            "snapshots": [shown(snapshot) for snapshot in snapshots],
            "trades": [shown(trade) for trade in trades],
            "comparison": [shown(strategy) for strategy in strategies],
            "coverage": shown(transport.get("/coverage", {"bot_id": bot})),
        }

    async def test_gets_the_right_times_from_a_bot_whose_clock_is_wrong(self) -> None:
        for name, wrong_by in (("fast", 3600), ("slow", -3600)):
            with self.subTest(name):
                settings = {
                    "bot_id": name,
                    "outbox": f"{self.outbox}-{name}",
                    "clock": lambda by=wrong_by: time.time() + by,
                }
                offline = self.manager(NOWHERE, snapshot_wait=0, **settings)
                await offline.save_current_config({"a": 1})
                await offline.link_trade_to_strategy(order_id=f"{name}-1")
                await offline.close(0)
                manager = self.manager(self.real.url, **settings)
                self.assertTrue(await manager.flush())
                self.assertEqual(manager.refused(), [])
                current = manager._transport.get("/snapshots/current", {"bot_id": name})
                link = manager._transport.get(f"/trade-links/{name}-1", {"bot_id": name})
                for at in (current["active_from"], link["signal_time"]):
                    self.assertAlmostEqual(parsed(at).timestamp(), time.time(), delta=5)
                self.assertEqual(link["snapshot_id"], current["snapshot_id"])

    async def test_rolls_back_to_the_configuration_before_and_takes_it_when_the_bot_applies_it(self) -> None:
        manager = self.manager(self.real.url, bot_id="rolling")
        first = await manager.save_current_config({"a": 1}, notes="first")
        second = await manager.save_current_config({"a": 2}, notes="second")
        self.assertNotEqual(first, second)
        back = await manager.rollback(notes="no good")
        self.assertEqual((back["config"], back["changed"]), ({"a": 1}, True))
        self.assertEqual(await manager.save_current_config(back["config"]), back["snapshot_id"])

    async def test_sets_aside_what_the_service_refuses_for_its_content(self) -> None:
        manager = self.manager(self.real.url, bot_id="refused", send_every=60)
        good = {"symbol": "BTC-USD", "side": "buy", "price": 1, "size": 1, "filled_at": datetime.now(timezone.utc)}
        await manager.record_fills(
            [
                {**good, "fill_id": "f-1", "order_id": "o-1"},
                {**good, "fill_id": "f-2", "order_id": "o-2", "filled_at": datetime.now()},
                {**good, "fill_id": "f-3", "order_id": "o-3", "side": "hold"},
            ]
        )
        self.assertTrue(await manager.flush())
        self.assertEqual(
            [refused["reason"].split(":")[0] for refused in manager.refused()],
            ["filled_at", "side"],
        )
        self.assertEqual(manager.status().sent, 1)


if __name__ == "__main__":
    unittest.main()
