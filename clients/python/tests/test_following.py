"""Following the assignments of the service."""

from __future__ import annotations

import asyncio
import json
import time
import unittest
from datetime import datetime, timedelta, timezone
from pathlib import Path
from unittest import mock

from strategy_snapshots import Assignment

from .local_service import MISSING, LocalService
from .with_assignments import BORDER, CONFIGS, HOURS, ID, Following, assigned, without_experiment
from .with_fakes import NOWHERE, fill


class A_bot_that_follows(Following):
    async def test_applies_what_is_assigned_at_its_start_and_saves_it_under_the_name_of_the_arm(self) -> None:
        self.answer = assigned("candidate", BORDER, then="baseline")
        self.follow(self.manager(bot_id="scalper"))
        await self.until(lambda: self.saved())
        [assignment] = self.applied
        self.assertEqual((assignment.experiment_id, assignment.pair, assignment.arm), (ID, 1, "candidate"))
        self.assertEqual((assignment.from_, assignment.until), (BORDER, BORDER + HOURS))
        self.assertEqual(assignment.config, CONFIGS["candidate"])
        self.assertEqual(self.saved(), [(27, "candidate of experiment 0f8fad5b")])
        self.assertEqual(
            [request.path for request in self.service.requests if "assign" in request.path][0],
            "/assignment?bot_id=scalper",
        )

    async def test_applies_the_next_block_at_the_border_while_the_network_is_dead_and_nothing_after_it(self) -> None:
        self.answer = assigned("candidate", BORDER, then="baseline")
        manager = self.manager()
        self.follow(manager)
        await self.until(lambda: self.saved())
        self.answer = None
        self.set_clock(BORDER + HOURS)
        await self.until(lambda: len(self.saved()) == 2)
        self.assertEqual(self.saved()[1], (30, "baseline of experiment 0f8fad5b"))
        self.set_clock(BORDER + 2 * HOURS)
        await self.asked()
        self.assertEqual([assignment.arm for assignment in self.applied], ["candidate", "baseline"])

    async def test_goes_on_from_the_disk_after_a_restart_without_a_network(self) -> None:
        self.answer = assigned("candidate", BORDER, then="baseline")
        manager = self.manager()
        self.follow(manager)
        await self.until(lambda: self.saved())
        await manager.close()
        offline = self.manager(NOWHERE, snapshot_wait=0)
        self.follow(offline)
        await self.until(lambda: len(self.applied) == 2)
        self.set_clock(BORDER + HOURS)
        await self.until(lambda: len(self.applied) == 3)
        self.assertEqual([assignment.arm for assignment in self.applied], ["candidate", "candidate", "baseline"])
        # Its snapshots wait with the times at which they were applied.
        await self.until(lambda: offline.status().waiting == 2)

    async def test_applies_nothing_from_the_disk_that_is_out_of_date_or_of_another_bot_or_broken(self) -> None:
        self.answer = assigned("candidate", BORDER, then="baseline")
        manager = self.manager()
        self.follow(manager)
        await self.until(lambda: self.saved())
        await manager.close()
        self.answer = None
        kept = Path(f"{self.outbox}-assignment.json")
        content = kept.read_text()
        for name, changed, at in (
            ("another bot", content.replace('"default"', '"another"'), BORDER),
            ("broken", content[:-9], BORDER),
            ("something else", '{"bot_id": "default", "assignment": {"config": 1}}', BORDER),
            ("out of date", content, BORDER + 2 * HOURS),
        ):
            with self.subTest(name):
                kept.write_text(changed)
                self.set_clock(at)
                manager = self.manager()
                task = self.follow(manager)
                await self.asked()
                self.assertEqual(len(self.applied), 1)
                self.assertFalse(task.done())
                await manager.close()

    async def test_applies_nothing_at_a_first_start_out_of_reach_and_keeps_asking(self) -> None:
        self.follow(self.manager())
        await self.asked()
        self.assertEqual(self.applied, [])
        self.answer = assigned("baseline", BORDER, then="candidate")
        await self.until(lambda: self.applied)

    async def test_keeps_asking_what_is_not_the_service(self) -> None:
        self.answer = {"status": "Please log in"}
        with self.assertLogs("strategy_snapshots", "WARNING") as logged:
            self.follow(self.manager())
            await self.asked()
        self.assertIn("this is not an answer of the service", logged.output[0])
        self.answer = assigned("baseline", BORDER, then="candidate")
        await self.until(lambda: self.applied)

    async def test_calls_a_coroutine_function_too_and_saves_the_config_that_was_assigned(self) -> None:
        async def apply(assignment: Assignment) -> None:
            await asyncio.sleep(0)
            assignment.config["key"] = assignment.config.pop("rsi")
            self.applied.append(assignment)

        self.answer = assigned("candidate", BORDER, then="baseline")
        self.follow(self.manager(), apply)
        await self.until(lambda: self.saved())
        self.assertEqual(self.applied[0].config, {"key": 27})
        self.assertEqual(self.service.posted("/snapshots")[0].body["config"], CONFIGS["candidate"])

    async def test_logs_what_apply_raises_saves_nothing_and_tries_again(self) -> None:
        def apply(assignment: Assignment) -> None:
            self.applied.append(assignment)
            if len(self.applied) < 3:
                raise RuntimeError("the exchange is closed")

        self.answer = assigned("candidate", BORDER, then="baseline")
        with self.assertLogs("strategy_snapshots", "ERROR") as logged:
            self.follow(self.manager(), apply)
            await self.until(lambda: self.saved())
        self.assertEqual(len(logged.output), 2)
        self.assertIn("RuntimeError: the exchange is closed", logged.output[0])
        self.assertEqual((len(self.applied), len(self.saved())), (3, 1))

    async def test_uses_the_service_s_clock(self) -> None:
        self.answer = assigned("candidate", BORDER, then="baseline")
        self.follow(self.manager(clock=lambda: time.time() + self.ahead - 3 * 3600))
        await self.until(lambda: self.applied)
        self.set_clock(BORDER + HOURS)
        self.follow(self.manager(outbox=f"{self.outbox}-2", clock=lambda: time.time() + self.ahead - 3 * 3600))
        await self.until(lambda: self.applied[-1].arm == "baseline")

    async def test_stops_when_the_manager_is_closed(self) -> None:
        self.answer = assigned("candidate", BORDER, then="baseline")
        manager = self.manager()
        task = self.follow(manager)
        await self.until(lambda: self.applied)
        await manager.close()
        await task
        self.assertFalse(task.cancelled())

    async def test_may_take_the_assignments_itself(self) -> None:
        self.answer = assigned("candidate", BORDER, then="baseline")
        arms = []
        async for assignment in self.manager().assignments():
            arms.append(assignment.arm)
            if len(arms) == 2:
                break
            self.set_clock(BORDER + HOURS)
            self.answer = None
        self.assertEqual((arms, self.saved()), (["candidate", "baseline"], []))


class The_next_request(Following):
    async def test_comes_two_minutes_before_each_half_hour_and_at_the_border(self) -> None:
        following = self.manager(ask_every=1800)._following
        for clock, border, pause in (
            ("12:00:00", None, 28 * 60),
            ("12:27:59", None, 1),
            ("12:28:00", None, 30 * 60),
            ("12:58:00", BORDER + timedelta(hours=1), 2 * 60),
            ("12:00:00", BORDER + HOURS, 28 * 60),
            ("16:00:01", BORDER + HOURS, 0.01),
        ):
            with self.subTest(f"{clock} {border}"):
                now = datetime.fromisoformat(f"2026-11-28T{clock}+00:00").timestamp()
                until = border and border.isoformat().replace("+00:00", "Z")
                answer = {**without_experiment(), "until": until}
                with (
                    mock.patch.object(following._clock, "_now", return_value=now),
                    mock.patch.object(following, "_get", return_value=answer),
                ):
                    self.assertAlmostEqual(following._ask(), pause, places=3)

    async def test_sends_what_waits_so_that_a_database_resumes_once(self) -> None:
        self.answer = without_experiment()
        manager = self.manager(send_every=3600)
        await manager.save_current_config(CONFIGS[None])
        await manager.link_trade_to_strategy(order_id="o-1")
        self.follow(manager)
        await self.until(lambda: self.service.posted("/trade-links"))


@unittest.skipIf(MISSING, MISSING or "")
class With_the_real_service(Following):
    async def test_a_bot_that_is_offline_in_every_other_block_follows_all_of_them(self) -> None:
        service = await asyncio.to_thread(LocalService)
        self.addCleanup(service.close)
        # In the past, so that the database has no objection.
        border = datetime.now(timezone.utc).replace(hour=4, minute=0, second=0, microsecond=0) - timedelta(days=9)

        async def move(to: datetime) -> None:
            self.set_clock(to)
            await asyncio.to_thread(service.move_clock, to)

        await move(border - HOURS / 2)
        manager = self.manager(service.url, snapshot_wait=20)
        self.assertIsNotNone(await manager.save_current_config(CONFIGS["baseline"], notes="RSI below 30"))
        test = {"design": "switchback", "length": "4h", "candidate": {"config": {**CONFIGS["candidate"], "key": "xyz"}}}
        experiment = await asyncio.to_thread(manager._transport.post, "/experiments", json.dumps(test))
        task = self.follow(manager)
        await self.until(lambda: Path(f"{self.outbox}-assignment.json").exists())
        self.assertEqual((self.applied, manager.refused()), ([], []))
        await manager.close()
        await task
        for number in range(6):
            begin, online = border + number * HOURS, number % 2 == 1
            await move(begin + timedelta(minutes=1))
            manager = self.manager(service.url if online else NOWHERE, snapshot_wait=0)
            task = self.follow(manager)
            await self.saved_by(manager, number + 1)
            for side, minute in (("buy", 2), ("sell", 3)):
                order = f"{side}-{number}"
                at = {"filled_at": begin + timedelta(minutes=minute)}
                await manager.record_fill(**{**fill(0), "fill_id": order, "order_id": order, "side": side, **at})
            await manager.close(20 if online else 0)
            await task
        self.assertEqual((manager.status().waiting, manager.refused()), (0, []))
        await move(border + 6 * HOURS)
        days = {"from": border.date().isoformat(), "to": (border + 6 * HOURS).date().isoformat()}
        await asyncio.to_thread(manager._transport.post, "/summaries", json.dumps(days))
        seen = await asyncio.to_thread(manager._transport.get, f"/experiments/{experiment['experiment_id']}")
        blocks = [block for pair in seen["pairs"][:3] for block in pair["blocks"]]
        self.assertEqual([assignment.arm for assignment in self.applied], [block["arm"] for block in blocks])
        self.assertEqual([(block["trades"], block["followed"]) for block in blocks], [(1, 1)] * 6)
        self.assertEqual([assignment.config["key"] for assignment in self.applied], ["[redacted]"] * 6)


if __name__ == "__main__":
    unittest.main()
