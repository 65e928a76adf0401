"""Trades as ccxt returns them."""

import unittest
from typing import Any

from strategy_snapshots.ccxt import fill_of

from .with_fakes import WithFakes


def trade(**more: Any) -> dict[str, Any]:
    return {
        "info": {"id": "28457", "price": "4.00000100", "qty": "12.00000000000000000001", "isBuyer": True},
        "id": "28457",
        "order": "100234",
        "timestamp": 1499865549590,
        "symbol": "BNB/USDT",
        "side": "buy",
        "price": 4.000001,
        "amount": 12.0,
        "cost": 48.000012,
        "fee": {"cost": 0.048, "currency": "USDT", "rate": None},
        "fees": [],
        **more,
    }


def filled(contract_sizes: Any = None, prices: Any = None, **more: Any) -> dict[str, Any]:
    return fill_of(trade(**more), prices or {}, contract_sizes or {})


class A_trade(unittest.TestCase):
    def test_has_the_ids_of_the_import_and_the_digits_of_the_exchange(self) -> None:
        fill = filled()
        self.assertEqual((fill["fill_id"], fill["order_id"]), ("BNB/USDT:28457", "100234"))
        self.assertEqual((fill["price"], fill["size"]), ("4.000001", "12.00000000000000000001"))
        self.assertEqual(fill["filled_at"].isoformat(), "2017-07-12T13:19:09.590000+00:00")
        self.assertEqual(fill["fee"], {"amount": "0.048", "currency": "USDT"})

    def test_without_an_order_is_an_order_of_its_own(self) -> None:
        self.assertEqual(filled(order=None)["order_id"], "28457")

    def test_has_a_rebate_as_a_negative_fee(self) -> None:
        self.assertEqual(filled(fee={"cost": -0.01, "currency": "USDT"})["fee"]["amount"], "-0.01")

    def test_has_fees_in_several_currencies_as_their_value_in_dollars(self) -> None:
        fees = [{"cost": 0.001, "currency": "BNB"}, {"cost": 0.02, "currency": "USDC"}, {"cost": 2, "currency": "KCS"}]
        self.assertEqual(filled(fees=fees, prices={"KCS": "1.5"})["fee_usd"], "3.024000001")
        self.assertNotIn("fee_usd", filled(fees=fees))

    def test_has_a_fee_in_another_coin_at_its_price_or_its_rate(self) -> None:
        fee = {"cost": 0.0001, "currency": "KCS", "rate": 0.001}
        self.assertEqual(filled(fee=fee, prices={"KCS": 10})["fee_usd"], "0.001")
        self.assertEqual(filled(fee=fee, info={})["fee_usd"], "0.048000012")

    def test_of_contracts_has_its_size_in_the_base_coin(self) -> None:
        swap = {"symbol": "ETH/USDT:USDT", "info": {}, "price": 2500.0, "amount": 30.0}
        self.assertEqual(filled(**swap, contract_sizes={"ETH/USDT:USDT": 0.01})["size"], "0.3")
        self.assertEqual(filled(**swap, contractSize=0.1)["size"], "3")
        self.assertEqual(filled(**swap, cost=750.0)["size"], "0.3")
        with self.assertRaisesRegex(ValueError, "contract_sizes"):
            filled(**swap, cost=None)

    def test_of_a_hedge_mode_account_has_its_side(self) -> None:
        self.assertEqual(
            filled(symbol="ETH/USDT:USDT", cost=48.0, info={"positionSide": "SHORT"})["position_side"], "short"
        )

    def test_of_an_inverse_contract_or_an_option_is_not_supported(self) -> None:
        for symbol, reason in [
            ("BTC/USD:BTC", "inverse"),
            ("BTC/USD:BTC-261225", "inverse"),
            ("BTC/USD:BTC-261225-100000-C", "option"),
        ]:
            with self.assertRaisesRegex(ValueError, reason):
                filled(symbol=symbol)

    def test_with_another_quote_has_its_price(self) -> None:
        self.assertEqual(filled(symbol="BNB/EUR", prices={"EUR": 1.08})["quote_usd"], "1.08")


class Trades(WithFakes):
    async def test_are_recorded_and_the_log_names_those_that_are_not(self) -> None:
        manager = self.manager()
        self.assertTrue(await manager.record_ccxt_trades([trade(), trade(id="2")]))
        with self.assertLogs("strategy_snapshots", "ERROR") as logged:
            self.assertFalse(await manager.record_ccxt_trades([trade(id="3", symbol="BTC/USD:BTC"), trade(id="4")]))
        self.assertIn("trade 3 is not recorded", logged.output[0])
        self.assertTrue(await manager.flush())
        sent = [
            item
            for request in self.service.posted("/fills")
            for item in (request.body if isinstance(request.body, list) else [request.body])
        ]
        self.assertEqual([fill["fill_id"] for fill in sent], ["BNB/USDT:28457", "BNB/USDT:2", "BNB/USDT:4"])
