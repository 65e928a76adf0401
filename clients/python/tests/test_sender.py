"""No record is lost, and retries are paced, whatever the service does."""

import json
import time
import unittest
from typing import Any
from unittest import mock

from strategy_snapshots import StrategyServiceError, StrategySnapshotManager
from strategy_snapshots.clock import parsed, steady_clock
from strategy_snapshots.sigv4 import Credentials, Scope, signed

from .fake_service import Fault, Received
from .with_fakes import NOWHERE, WithFakes, fill

PROBLEM = {"title": "Bad Request", "detail": "this one is wrong"}


def fill_ids(request: Received) -> set[str]:
    return {fill["fill_id"] for fill in request.body}


class The_sender(WithFakes):
    async def test_sends_snapshots_then_links_then_fills_each_kind_in_its_order_and_in_batches(self) -> None:
        manager = self.manager(send_every=60)
        for number in range(3):
            await manager.record_fill(**fill(number))
            await manager.link_trade_to_strategy(order_id=f"o-{number}", signal_data={"trigger": "SCORE"})
        await manager.save_current_config({"a": 1})
        self.assertTrue(await manager.flush())
        self.assertEqual(
            [request.path for request in self.service.requests], ["/health", "/snapshots", "/trade-links", "/fills"]
        )
        self.assertEqual([f["fill_id"] for f in self.service.posted("/fills")[0].body], ["f-0", "f-1", "f-2"])
        self.assertEqual([f["order_id"] for f in self.service.posted("/trade-links")[0].body], ["o-0", "o-1", "o-2"])

    async def test_waits_as_long_as_send_every_says(self) -> None:
        manager = self.manager(send_every=0.8)
        begun = time.monotonic()
        for number in range(3):
            await manager.record_fill(**fill(number))
        while not (sent := self.service.posted("/fills")):
            time.sleep(0.02)
        self.assertGreaterEqual(sent[0].at - begun, 0.8)
        self.assertEqual(len(sent[0].body), 3)

    async def test_keeps_what_a_service_out_of_reach_cannot_take_for_the_next_start(self) -> None:
        offline = self.manager(NOWHERE)
        self.assertTrue(await offline.record_fill(**fill(1)))
        self.assertFalse(await offline.flush(0.2))
        self.assertEqual(offline.status().waiting, 1)
        self.assertIn("out of reach", str(offline.status().last_error))
        await offline.close(0)
        self.assertTrue(await self.manager().flush())
        self.assertEqual(list(self.service.taken), ["f-1"])

    async def test_sends_again_what_was_processed_without_an_answer_with_the_same_key(self) -> None:
        self.service.faults = [Fault(lost_answer=True)] * 2
        manager = self.manager()
        self.assertEqual(await manager.save_current_config({"a": 1}), "snapshot-1")
        keys = [request.key for request in self.service.posted("/snapshots")]
        self.assertEqual(len(keys), 3)
        self.assertEqual(len(set(keys)), 1)

    async def test_gives_a_slow_service_up_and_asks_again(self) -> None:
        self.service.faults = [Fault(delay=0.6)]
        manager = self.manager(timeout=0.2)
        await manager.record_fill(**fill(1))
        self.assertTrue(await manager.flush(60))
        self.assertEqual(len(self.service.posted("/fills")), 2)

    async def test_comes_back_no_sooner_than_the_service_says(self) -> None:
        for status in (429, 503):
            with self.subTest(status):
                self.service.faults = [Fault(status, headers={"Retry-After": "1"})]
                self.service.requests.clear()
                manager = self.manager(outbox=f"{self.outbox}-{status}")
                await manager.record_fill(**fill(1))
                time.sleep(0.1)
                self.assertTrue(await manager.flush())
                first, second = self.service.posted("/fills")
                self.assertGreater(second.at - first.at, 0.95)

    async def test_doubles_its_pauses_up_to_the_longest_and_shortens_them_by_up_to_a_half_at_random(self) -> None:
        pauses = []
        with (
            mock.patch.multiple("strategy_snapshots.sender", FIRST_PAUSE=1.0, LONGEST_PAUSE=300.0),
            mock.patch("random.uniform", lambda least, most: least),
        ):
            sender = self.manager()._sender
            for _ in range(12):
                now = time.monotonic()
                sender._pause_after(StrategyServiceError("down"))
                pauses.append(round(2 * (sender._paused_until - now)))
        self.assertEqual(pauses, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300])

    async def test_sets_aside_what_is_rejected_with_its_reason_and_takes_the_rest(self) -> None:
        rejected = [{"index": 1, "id": "f-1", "reason": "price: is needed"}]
        self.service.faults = [Fault(200, {"accepted": 2, "rejected": rejected})]
        manager = self.manager(send_every=60)
        await manager.record_fills(map(fill, range(3)))
        self.assertTrue(await manager.flush())
        status = manager.status()
        self.assertEqual((status.waiting, status.sent, status.refused), (0, 2, 1))
        [refused] = manager.refused()
        self.assertEqual((refused["kind"], refused["reason"]), ("fill", "price: is needed"))
        self.assertEqual(json.loads(refused["body"])["fill_id"], "f-1")

    async def test_sets_a_batch_aside_of_which_nothing_was_accepted(self) -> None:
        rejected = [{"index": index, "id": None, "reason": f"reason {index}"} for index in range(2)]
        self.service.faults = [Fault(400, {**PROBLEM, "rejected": rejected})]
        manager = self.manager(send_every=60)
        await manager.record_fills(map(fill, range(2)))
        self.assertTrue(await manager.flush())
        self.assertEqual([refused["reason"] for refused in manager.refused()], ["reason 0", "reason 1"])

    async def test_sends_what_was_refused_again_when_told_to(self) -> None:
        self.service.faults = [Fault(400, PROBLEM)]
        manager = self.manager()
        await manager.record_fill(**fill(1))
        self.assertTrue(await manager.flush())
        self.assertEqual(manager.status().refused, 1)
        self.assertEqual(manager.retry_refused(), 1)
        self.assertTrue(await manager.flush())
        self.assertEqual((manager.status().refused, manager.refused(), list(self.service.taken)), (0, [], ["f-1"]))

    async def test_halves_a_batch_that_is_too_large_and_sets_aside_the_one_that_is_too_large_alone(self) -> None:
        def no_more_than_two_and_not_the_sixth(request: Received) -> Fault | None:
            if request.path != "/fills" or (len(request.body) <= 2 and fill_ids(request).isdisjoint({"f-5"})):
                return None
            return Fault(413, {"message": "Request Entity Too Large"})

        self.service.decide = no_more_than_two_and_not_the_sixth
        manager = self.manager(send_every=60)
        await manager.record_fills(map(fill, range(9)))
        self.assertTrue(await manager.flush())
        self.assertEqual(list(self.service.taken), [f"f-{number}" for number in range(9) if number != 5])
        self.assertEqual([refused["reason"] for refused in manager.refused()], ["Request Entity Too Large"])

    async def test_sets_aside_unsent_what_no_request_can_carry_and_goes_on(self) -> None:
        manager = self.manager(send_every=60)
        for order_id, breakdown in (("o-1", {}), ("o-2", {"rsi": "x" * 6_000_000}), ("o-3", {})):
            await manager.link_trade_to_strategy(order_id=order_id, signal_data={"indicator_breakdown": breakdown})
        self.assertTrue(await manager.flush())
        self.assertEqual(list(self.service.taken), ["o-1", "o-3"])
        sent = [link["order_id"] for request in self.service.posted("/trade-links") for link in request.body]
        self.assertEqual(sent, ["o-1", "o-3"])
        (refused,) = manager.refused()
        self.assertEqual(json.loads(refused["body"])["order_id"], "o-2")
        self.assertRegex(refused["reason"], "bytes, more than a request may have")

    async def test_finds_the_one_that_makes_the_service_fail_and_goes_on_without_it(self) -> None:
        self.service.decide = lambda request: (
            Fault(500, {"detail": "the service failed"})
            if request.path == "/fills" and "f-2" in fill_ids(request)
            else None
        )
        manager = self.manager(send_every=60)
        await manager.record_fills(map(fill, range(5)))
        self.assertTrue(await manager.flush())
        self.assertEqual(sorted(self.service.taken), ["f-0", "f-1", "f-3", "f-4"])
        self.assertEqual([refused["reason"] for refused in manager.refused()], ["the service failed"])

    async def test_never_sets_aside_for_what_is_no_fault_of_the_record(self) -> None:
        hotel = "<html>Please log in</html>"
        for fault in (
            Fault(403, {"message": "Forbidden"}),
            Fault(404, {"message": "Not Found"}),
            Fault(400, hotel),
            Fault(200, hotel),
            Fault(200, {"unlike": "the service"}),
            Fault(502, hotel),
            Fault(302, headers={"Location": "/health"}),
        ):
            with self.subTest(fault):
                self.service.faults = [fault] * 3
                self.service.taken.clear()
                manager = self.manager(outbox=f"{self.outbox}-{fault.status}-{len(str(fault.problem))}")
                await manager.record_fill(**fill(1))
                self.assertTrue(await manager.flush())
                self.assertEqual((list(self.service.taken), manager.refused()), (["f-1"], []))


class A_snapshot(WithFakes):
    async def test_saved_offline_bears_the_time_at_which_the_bot_saved_it(self) -> None:
        offline = self.manager(NOWHERE, snapshot_wait=0)
        before = time.time()
        self.assertIsNone(await offline.save_current_config({"a": 1}, notes="while offline"))
        after = time.time()
        await offline.close(0)
        time.sleep(0.3)
        self.assertTrue(await self.manager().flush())
        [sent] = self.service.posted("/snapshots")
        at = parsed(sent.body["active_from"]).timestamp()
        # Exact to the microsecond.
        self.assertTrue(before - 1e-6 <= at <= after, (before, at, after))

    async def test_whose_time_is_taken_is_active_from_now_when_the_bot_trades_with_it(self) -> None:
        self.service.faults = [Fault(409, {"detail": "active_from must come after the start"})]
        manager = self.manager()
        self.assertIsNotNone(await manager.save_current_config({"a": 1}))
        first, second = self.service.posted("/snapshots")
        self.assertNotIn("active_from", second.body)
        self.assertNotEqual(first.key, second.key)

    async def test_whose_time_is_taken_is_set_aside_when_a_newer_one_waits_or_the_bot_said_the_time(self) -> None:
        manager = self.manager(NOWHERE, snapshot_wait=0)
        await manager.save_current_config({"a": 1})
        await manager.save_current_config({"a": 2})
        await manager.save_current_config({"a": 3}, active_from=parsed("2026-11-01T00:00:00Z"))
        await manager.close(0)
        self.service.decide = lambda request: (
            Fault(409, {"detail": "taken"}) if "active_from" in (request.body or {}) else None
        )
        manager = self.manager()
        self.assertTrue(await manager.flush())
        self.assertEqual([json.loads(refused["body"])["config"]["a"] for refused in manager.refused()], [1, 3])
        self.assertEqual([snapshot["config"]["a"] for snapshot in self.service.taken.values()], [2])

    async def test_that_is_refused_has_no_id_and_the_log_says_why(self) -> None:
        self.service.faults = [Fault(413, {"title": "Content Too Large", "detail": "/config: 50000 bytes"})]
        with self.assertLogs("strategy_snapshots") as logged:
            self.assertIsNone(await self.manager().save_current_config({"a": 1}))
        self.assertIn("/config: 50000 bytes", "\n".join(logged.output))


class A_wrong_clock(WithFakes):
    async def test_is_put_right_for_what_was_saved_before_the_service_told_the_time(self) -> None:
        for wrong_by in (3600, -3600):
            with self.subTest(wrong_by):
                outbox = f"{self.outbox}{wrong_by}"
                self.service.requests.clear()
                clock = lambda: time.time() + wrong_by  # noqa: B023, E731
                offline = self.manager(NOWHERE, clock=clock, outbox=outbox, snapshot_wait=0)
                await offline.save_current_config({"a": 1})
                await offline.link_trade_to_strategy(order_id="o-1")
                await offline.close(0)
                manager = self.manager(clock=clock, outbox=outbox)
                self.assertTrue(await manager.flush())
                await manager.link_trade_to_strategy(order_id="o-2")
                self.assertTrue(await manager.flush())
                links = [link for request in self.service.posted("/trade-links") for link in request.body]
                self.assertEqual([link["order_id"] for link in links], ["o-1", "o-2"])
                times = [
                    self.service.posted("/snapshots")[0].body["active_from"],
                    *(link["signal_time"] for link in links),
                ]
                for at in times:
                    self.assertAlmostEqual(parsed(at).timestamp(), time.time(), delta=5)

    async def test_of_less_than_ten_seconds_is_left_alone(self) -> None:
        self.service.ahead = 5
        manager = self.manager()
        await manager.record_fill(**fill(1))
        self.assertTrue(await manager.flush())
        self.assertEqual(manager._clock.offset, 0)


class A_signed_request(WithFakes):
    def signing(self) -> StrategySnapshotManager:
        """Signs over http as over https, because the fake service has no certificate."""
        manager = self.manager()
        manager._transport._scope = Scope("eu-west-1")
        manager._transport._credentials = lambda: Credentials("AKIDEXAMPLE", "secret")
        return manager

    async def test_that_a_wrong_clock_spoilt_is_signed_again_at_once_with_the_right_time(self) -> None:
        dates: list[str] = []

        def noting(*arguments: Any) -> dict[str, str]:
            headers = signed(*arguments)
            dates.append(headers["X-Amz-Date"])
            return headers

        self.service.ahead = 7200
        self.service.faults = [Fault(403, {"message": "Signature expired"})]
        manager = self.signing()
        manager._clock.known = True
        with (
            mock.patch("strategy_snapshots.transport.signed", noting),
            mock.patch.dict("sys.modules", {"botocore.auth": None}),
        ):
            self.assertEqual((await manager.coverage())["status"], "ok")
        before, after = (time.strptime(date, "%Y%m%dT%H%M%SZ") for date in dates)
        self.assertAlmostEqual(time.mktime(after) - time.mktime(before), 7200, delta=3)

    async def test_that_is_refused_for_its_permissions_is_not_repeated_at_once(self) -> None:
        self.service.faults = [Fault(403, {"message": "Forbidden"})]
        with self.assertRaisesRegex(StrategyServiceError, "403: Forbidden"):
            await self.signing().coverage()
        self.assertEqual(len(self.service.requests), 1)


class A_clock_that_is_set_while_the_bot_runs(WithFakes):
    async def test_costs_no_record(self) -> None:
        slow_by = 7200.0
        manager = self.manager(clock=lambda: time.time() - slow_by, send_every=60)
        self.assertEqual(await manager.save_current_config({"a": 1}), "snapshot-1")
        slow_by = 0.0
        self.service.decide = refuse_the_future
        self.assertEqual(await manager.save_current_config({"a": 2}), "snapshot-2")
        await manager.link_trade_to_strategy(order_id="o-1", signal_data={"trigger": "SCORE"})
        self.assertTrue(await manager.flush())
        self.assertEqual(manager.status().refused, 0)
        for record in self.service.taken.values():
            at = parsed(record.get("active_from") or record["signal_time"]).timestamp()
            self.assertAlmostEqual(at, time.time(), delta=20)

    async def test_sends_a_link_again_that_was_rejected_for_it_and_the_others_only_once(self) -> None:
        ahead = 0.0
        manager = self.manager(clock=lambda: time.time() + ahead, send_every=60)
        await manager.record_fill(**fill(1))
        self.assertTrue(await manager.flush())
        await manager.link_trade_to_strategy(order_id="o-now", signal_data={"trigger": "SCORE"})
        ahead = 7200.0
        await manager.link_trade_to_strategy(order_id="o-ahead", signal_data={"trigger": "SCORE"})
        self.service.decide = reject_the_future
        self.assertTrue(await manager.flush())
        self.assertEqual(manager.status().refused, 0)
        sent = [[link["order_id"] for link in request.body] for request in self.service.posted("/trade-links")]
        self.assertEqual(sent, [["o-now", "o-ahead"], ["o-ahead"]])

    async def test_moves_no_time_that_an_earlier_process_took_from_the_service(self) -> None:
        wrong = self.manager(clock=lambda: time.time() - 7200)
        await wrong.record_fill(**fill(1))
        self.assertTrue(await wrong.flush())
        self.service.decide = lambda request: Fault() if request.path == "/trade-links" else None
        await wrong.link_trade_to_strategy(order_id="o-1", signal_data={"trigger": "SCORE"})
        await wrong.close(0.2)
        self.service.decide = lambda _: None
        self.assertTrue(await self.manager().flush())
        self.assertAlmostEqual(parsed(self.service.taken["o-1"]["signal_time"]).timestamp(), time.time(), delta=20)


class Missing_records(WithFakes):
    async def test_are_reported_to_the_service_and_when_they_are_no_longer_missing(self) -> None:
        refusal = Fault(400, {"rejected": [{"index": 0, "id": "f-1", "reason": "it has no price"}]})
        self.service.decide = lambda request: refusal if request.path == "/fills" else None
        manager = self.manager(bot_id="mine")
        await manager.record_fill(**fill(1))
        self.assertTrue(await manager.flush())
        self.service.decide = lambda _: None
        manager.retry_refused()
        self.assertTrue(await manager.flush())
        states = [(report["bot_id"], report["refused"], report.get("last_refusal")) for report in self.service.outboxes]
        self.assertEqual(states, [("mine", 1, "it has no price"), ("mine", 0, None)])

    async def test_are_reported_once_to_a_service_that_knows_no_reports(self) -> None:
        refusal = Fault(400, {"rejected": [{"index": 0, "id": "f-1", "reason": "it has no price"}]})
        unknown = Fault(404, PROBLEM)
        self.service.decide = lambda request: {"/fills": refusal, "/outboxes": unknown}.get(request.path)
        manager = self.manager()
        for number in range(2):
            await manager.link_trade_to_strategy(order_id=f"o-{number}", signal_data={})
            if number == 0:
                await manager.record_fill(**fill(1))
            self.assertTrue(await manager.flush())
        self.assertEqual(len(self.service.posted("/outboxes")), 1)


def refuse_the_future(request: Received) -> Fault | None:
    """As the service does: more than five minutes ahead."""
    at = request.body.get("active_from") if isinstance(request.body, dict) else None
    return Fault(400, PROBLEM) if at and parsed(at).timestamp() > time.time() + 300 else None


def reject_the_future(request: Received) -> Fault | None:
    if request.path != "/trade-links":
        return None
    ahead = [i for i, link in enumerate(request.body) if parsed(link["signal_time"]).timestamp() > time.time() + 300]
    rejected = [{"index": i, "id": request.body[i]["order_id"], "reason": "it lies in the future"} for i in ahead]
    return Fault(200, {"rejected": rejected}) if rejected else None


class A_steady_clock(unittest.TestCase):
    def test_goes_on_from_its_start_whatever_the_machines_clock_is_set_to(self) -> None:
        machine, elapsed = 1000.0, 5.0
        now = steady_clock(lambda: machine, lambda: elapsed)
        machine, elapsed = 8200.0, 15.0
        self.assertEqual(now(), 1010.0)


if __name__ == "__main__":
    unittest.main()
