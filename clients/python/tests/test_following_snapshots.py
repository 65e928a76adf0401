"""Following the active snapshot, where no experiment is running."""

from __future__ import annotations

import unittest

from .fake_service import Fault, Received
from .with_assignments import BORDER, CONFIGS, HOURS, Following, assigned, block, without_experiment


class Without_an_experiment(Following):
    async def test_nothing_is_applied_as_long_as_the_bot_trades_with_the_active_snapshot(self) -> None:
        self.answer = without_experiment()
        manager = self.manager()
        await manager.save_current_config(CONFIGS[None])
        self.follow(manager)
        await self.asked(3)
        self.assertEqual((self.applied, len(self.saved())), ([], 1))

    async def test_a_configuration_that_was_made_active_elsewhere_is_applied_once(self) -> None:
        self.answer = without_experiment()
        manager = self.manager()
        await manager.save_current_config({"rsi": 25})
        self.follow(manager)
        await self.until(lambda: self.saved() == [(25, None), (30, None)])
        await self.asked(3)
        self.assertEqual(len(self.applied), 1)

    async def test_an_older_configuration_is_not_applied_while_the_bot_s_own_is_on_its_way(self) -> None:
        manager = self.manager(snapshot_wait=0)
        is_down = True

        def decide(request: Received) -> Fault | None:
            nonlocal is_down
            if request.path == "/snapshots" and is_down:
                return Fault(503)
            if not request.path.startswith("/assignment"):
                return None
            if is_down:
                # It arrives while the service answers with what was active before.
                is_down = False
                assert manager._saved
                manager._saved.answer.result(10)
                return Fault(200, without_experiment())
            return Fault(200, without_experiment({"rsi": 25}))

        self.service.decide = decide
        await manager.save_current_config({"rsi": 25})
        self.follow(manager)
        await self.until(lambda: not is_down)
        await self.asked(3)
        self.assertEqual(self.applied, [])

    async def test_an_answer_from_before_the_bot_saved_another_configuration_is_not_applied(self) -> None:
        manager = self.manager()

        def decide(request: Received) -> Fault | None:
            if not request.path.startswith("/assignment"):
                return None
            if self.answer:
                return Fault(200, self.answer)
            manager.add_config({"rsi": 25}).result(10)
            self.answer = without_experiment({"rsi": 25})
            return Fault(200, without_experiment())

        await manager.save_current_config(CONFIGS[None])
        self.service.decide = decide
        self.follow(manager)
        await self.asked(3)
        self.assertEqual(self.applied, [])

    async def test_an_older_configuration_is_not_applied_when_the_bot_s_own_was_refused(self) -> None:
        self.answer = without_experiment()
        manager = self.manager()
        self.service.faults = [Fault(413, {"detail": "too large"})]
        await manager.save_current_config({"rsi": 25})
        self.follow(manager)
        await self.asked(3)
        self.assertEqual(self.applied, [])

    async def test_a_bot_that_has_saved_nothing_gets_the_active_configuration(self) -> None:
        self.answer = without_experiment()
        self.follow(self.manager())
        await self.until(lambda: self.saved())
        self.assertEqual([(each.arm, each.config) for each in self.applied], [(None, CONFIGS[None])])

    async def test_a_bot_without_any_snapshot_goes_on_asking(self) -> None:
        self.service.decide = lambda request: (
            Fault(404, {"detail": "no snapshot"}) if request.path.startswith("/assignment") else None
        )
        with self.assertNoLogs("strategy_snapshots", "WARNING"):
            self.follow(self.manager())
            await self.asked(3)
        self.assertEqual(self.applied, [])

    async def test_the_first_block_of_one_that_is_due_begins_from_the_disk_too(self) -> None:
        self.set_clock(BORDER - HOURS)
        self.answer = without_experiment(then=block("candidate", BORDER))
        first = self.manager()
        await first.save_current_config(CONFIGS[None])
        self.follow(first)
        await self.asked()
        await first.close()
        self.assertEqual(self.applied, [])
        self.answer = None
        self.follow(self.manager())
        await self.asked()
        self.assertEqual(self.applied, [])
        self.set_clock(BORDER)
        await self.until(lambda: len(self.saved()) == 2)
        self.assertEqual(self.saved()[1], (27, "candidate of experiment 0f8fad5b"))

    async def test_the_end_of_one_applies_nothing(self) -> None:
        self.answer = assigned("candidate", BORDER, then="baseline")
        self.follow(self.manager())
        await self.until(lambda: self.saved())
        self.answer = without_experiment(CONFIGS["candidate"])
        await self.asked(3)
        self.assertEqual(len(self.applied), 1)


if __name__ == "__main__":
    unittest.main()
