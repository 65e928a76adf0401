"""The methods of the manager, and their results."""

import asyncio
import json
import math
import re
import unittest
import uuid
from datetime import date, datetime, timezone
from decimal import Context, Decimal
from pathlib import Path
from typing import Any

from strategy_snapshots import StrategyServiceError, StrategySnapshotManager
from strategy_snapshots.fields import NO_NUMBERS

from .fake_service import Fault
from .with_fakes import NOWHERE, WithFakes, fill


def types_of(field: dict[str, Any]) -> list[str]:
    stated = field.get("type", [each.get("type") for each in field.get("anyOf", [])])
    return [stated] if isinstance(stated, str) else stated


STRATEGY = {
    "notes": None,
    "active_from": "2026-11-21T00:00:00.5Z",
    "active_until": None,
    "days_active": 7,
    "total_trades": 3,
    "avg_win_rate": 100,
    "total_pnl": 1.5,
    "avg_profit_factor": None,
    "avg_expectancy": None,
    "last_date": None,
}


CONTRACT = Path(__file__).parents[3] / "functions" / "openapi.json"


class The_manager(WithFakes):
    def test_knows_every_field_of_a_strategy_that_is_a_text_or_null(self) -> None:
        fields = json.loads(CONTRACT.read_text())["components"]["schemas"]["Strategy"]["properties"]
        texts = {name for name, field in fields.items() if {"string", "null"} == set(types_of(field))}
        self.assertEqual(texts, set(NO_NUMBERS))

    async def test_tells_the_id_of_the_snapshot(self) -> None:
        self.assertEqual(await self.manager().save_current_config({"a": 1}, notes="why"), "snapshot-1")
        [sent] = self.service.posted("/snapshots")
        self.assertEqual({**sent.body, "active_from": None}, {
            "bot_id": "default", "config": {"a": 1}, "notes": "why", "active_from": None,
        })  # fmt: skip

    async def test_lets_the_bot_go_on_while_it_waits_for_the_id_and_waits_no_longer_than_it_may(self) -> None:
        self.service.faults = [Fault(delay=1.5)]
        manager = self.manager(snapshot_wait=0.1)
        saving = asyncio.create_task(manager.save_current_config({"a": 1}))
        await asyncio.sleep(0.02)
        self.assertFalse(saving.done())
        self.assertIsNone(await asyncio.wait_for(saving, 1.2))
        self.assertEqual(manager.status().waiting, 1)

    async def test_links_by_what_the_service_keeps_of_a_signal_and_the_time_of_the_call(self) -> None:
        manager = self.manager(bot_id="b")
        signal = {"Score": {"Buy Score": math.nan}, "trigger": {"trigger": "LIMIT"}, "frame": object()}
        before = datetime.now(timezone.utc)
        self.assertIs(await manager.link_trade_to_strategy(order_id="o-1", signal_data=signal), True)
        self.assertTrue(await manager.flush())
        [[link]] = [request.body for request in self.service.posted("/trade-links")]
        self.assertGreaterEqual(datetime.strptime(link.pop("signal_time"), "%Y-%m-%dT%H:%M:%S.%f%z"), before)
        data = {"Score": {"Buy Score": None}, "trigger": {"trigger": "LIMIT"}}
        self.assertEqual(link, {"bot_id": "b", "order_id": "o-1", "signal_data": data})

    async def test_sends_ids_as_text_whatever_their_type(self) -> None:
        manager = self.manager()
        ids: dict[str, Any] = {"order_id": 12345, "client_order_id": uuid.UUID(int=7)}
        as_text = {"order_id": "12345", "client_order_id": "00000000-0000-0000-0000-000000000007"}
        self.assertTrue(await manager.link_trade_to_strategy(**ids))
        self.assertTrue(await manager.record_fill(**{**fill(1), **ids, "fill_id": 6, "position_id": 17}))
        self.assertTrue(await manager.flush())
        [link], [sent] = (self.service.posted(path)[0].body for path in ("/trade-links", "/fills"))
        self.assertEqual({name: link[name] for name in ids}, as_text)
        self.assertEqual(
            {name: sent[name] for name in [*ids, "fill_id", "position_id"]},
            {**as_text, "fill_id": "6", "position_id": "17"},
        )

    async def test_rounds_longer_decimals_to_what_the_service_stores(self) -> None:
        manager = self.manager()
        third = Context(prec=60).divide(Decimal(200), Decimal(3))
        await manager.record_fill(**{**fill(1), "price": third, "size": Decimal("0." + "1" * 40)})
        self.assertTrue(await manager.flush())
        [sent] = self.service.posted("/fills")[0].body
        self.assertEqual((sent["price"], sent["size"]), ("66." + "6" * 39 + "7", "0." + "1" * 40))

    async def test_waits_half_an_hour_on_aws_and_seconds_here(self) -> None:
        on_aws = StrategySnapshotManager("https://a.execute-api.eu-west-1.amazonaws.com", outbox=f"{self.outbox}-aws")
        here = StrategySnapshotManager(outbox=self.outbox)
        for manager, seconds in ((on_aws, 1800), (here, 5)):
            self.assertEqual(manager._sender._send_every, seconds)
            await manager.close(timeout=0)

    async def test_records_money_to_the_last_digit(self) -> None:
        manager = self.manager()
        at = datetime(2026, 11, 21, tzinfo=timezone.utc)
        fee = {"amount": Decimal("0.00000000123"), "currency": "BTC"}
        await manager.record_fill(
            **{**fill(1), "price": Decimal("0.10"), "size": Decimal("1E-8"), "filled_at": at, "fee": fee}
        )
        self.assertTrue(await manager.flush())
        [sent] = self.service.posted("/fills")[0].body
        self.assertEqual(
            (sent["price"], sent["size"], sent["filled_at"]), ("0.10", "1E-8", "2026-11-21T00:00:00+00:00")
        )
        self.assertEqual(sent["fee"], {"amount": "1.23E-9", "currency": "BTC"})

    async def test_takes_a_side_as_exchanges_write_it(self) -> None:
        manager = self.manager()
        await manager.record_fill(**{**fill(1), "side": "BUY"})
        self.assertTrue(await manager.flush())
        self.assertEqual(self.service.posted("/fills")[0].body[0]["side"], "buy")

    async def test_sends_what_waits_before_it_has_a_day_computed(self) -> None:
        manager = self.manager(send_every=60)
        for day in (date(2026, 11, 21), datetime(2026, 11, 21, 23, 59), "2026-11-21"):
            await manager.record_fill(**fill(1))
            self.service.requests.clear()
            self.assertIsNotNone(await manager.compute_daily_summary(day))
            sent = [(request.path, request.body) for request in self.service.requests if request.path != "/health"]
            self.assertEqual([path for path, _ in sent], ["/fills", "/summaries"])
            self.assertEqual(sent[1][1], {"bot_id": "default", "from": "2026-11-21"})

    async def test_compares_with_nan_for_what_there_is_no_number_of(self) -> None:
        self.service.faults = [Fault(200, {"strategies": [STRATEGY], "verdict": None})]
        [strategy] = await self.manager().compare_strategies(limit=5)
        self.assertEqual(self.service.requests[-1].path, "/comparison?bot_id=default&limit=5")
        self.assertEqual(f"{strategy['avg_profit_factor']:.2f} {strategy['avg_expectancy']:.2f}", "nan nan")
        self.assertEqual(strategy["active_from"], datetime(2026, 11, 21, microsecond=500_000, tzinfo=timezone.utc))
        self.assertEqual((strategy["active_until"], strategy["notes"], strategy["last_date"]), (None, None, None))

    async def test_rolls_back_only_when_the_service_has_what_waits(self) -> None:
        manager = self.manager(NOWHERE, snapshot_wait=0, timeout=0.2)
        await manager.save_current_config({"a": 1})
        with self.assertRaisesRegex(StrategyServiceError, "the outbox could not be sent"):
            await manager.rollback()
        await manager.close(0)
        await self.manager().rollback(notes="no good")
        self.assertEqual([r.path for r in self.service.requests], ["/health", "/snapshots", "/snapshots/rollback"])
        self.assertEqual(self.service.requests[-1].body, {"bot_id": "default", "snapshot_id": None, "notes": "no good"})
        self.assertIsNotNone(self.service.requests[-1].key)

    async def test_calls_no_route_but_those_that_the_readme_asks_permission_for(self) -> None:
        manager = self.manager()
        await manager.save_current_config({"a": 1})
        await manager.link_trade_to_strategy(order_id="o-1")
        refusal = Fault(400, {"rejected": [{"index": 0, "id": "f-1", "reason": "it has no price"}]})
        self.service.decide = lambda request: refusal if request.path == "/fills" else None
        await manager.record_fill(**fill(1))
        await manager.compute_daily_summary("2026-11-21")
        await manager.compare_strategies()
        await manager.coverage()
        await manager.rollback()
        manager.start_following()
        while not (self.service.posted("/assignment?bot_id=default") and self.service.outboxes):
            await asyncio.sleep(0.01)
        called = {(request.method, request.path.partition("?")[0]) for request in self.service.requests}
        readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
        asked_for = set(re.findall(r"/\$default/(GET|POST)(/[a-z/-]+)", readme))
        self.assertEqual(called - {("GET", "/health")}, asked_for)

    async def test_never_raises_from_what_the_old_one_had_and_does_from_what_is_new(self) -> None:
        manager = self.manager(NOWHERE, timeout=0.2)
        with self.assertLogs("strategy_snapshots", "ERROR") as logged:
            self.assertIsNone(await manager.save_current_config(object()))
            self.assertIs(await manager.record_fills([None]), False)  # type: ignore[list-item]
            self.assertIsNone(await manager.compute_daily_summary("2026-11-21"))
            self.assertEqual(await manager.compare_strategies(), [])
        self.assertEqual(len(logged.output), 4)
        with self.assertRaisesRegex(StrategyServiceError, "out of reach"):
            await manager.coverage()
        with self.assertRaisesRegex(StrategyServiceError, "out of reach"):
            await manager.rollback()

    async def test_sends_what_it_can_when_it_is_closed_and_takes_nothing_afterwards(self) -> None:
        async with self.manager(send_every=60) as manager:
            await manager.record_fill(**fill(1))
        self.assertEqual(list(self.service.taken), ["f-1"])
        self.assertIs(await manager.record_fill(**fill(2)), False)


if __name__ == "__main__":
    unittest.main()
