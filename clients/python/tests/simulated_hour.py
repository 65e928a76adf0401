"""An hour of trading, as a list of calls: the settings change half-way, and 90 trades are made.

As a program it plays the hour from a step on, and prints the number of each step that is done: until somebody kills it.
"""

from __future__ import annotations

import asyncio
import random
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from decimal import Decimal

from strategy_snapshots import StrategySnapshotManager

Step = Callable[[StrategySnapshotManager], Awaitable[object]]


def steps(begin: datetime) -> list[Step]:
    """Deterministic for the same start."""
    made: list[Step] = [saved(2.5, begin)]
    prices = random.Random(7)
    for number in range(90):
        at = begin + timedelta(seconds=40 * number + 1)
        if number == 45:
            made.append(saved(1.5, at - timedelta(milliseconds=500)))
        price = Decimal(prices.randrange(9_600_000, 9_800_000)) / 100
        made += order(f"{number}-buy", "buy", price, at)
        made += order(f"{number}-sell", "sell", price + prices.randrange(-300, 400), at + timedelta(seconds=30))
    return made


def saved(rsi: float, at: datetime) -> Step:
    config = {"score_buy_target": 5.5, "indicator_weights": {"rsi": rsi}}
    return lambda manager: manager.save_current_config(config, notes=f"RSI weight {rsi}", active_from=at)


def order(order_id: str, side: str, price: Decimal, at: datetime) -> list[Step]:
    signal = {"Score": {"Buy Score": 6.5, "Sell Score": 2.1}, "trigger": "SCORE", "indicator_breakdown": {"rsi": 2.5}}
    fills = [
        {
            "fill_id": f"{order_id}-{part}",
            "order_id": order_id,
            "symbol": "BTC-USD",
            "side": side,
            "price": price,
            "size": Decimal("0.005"),
            "fee_usd": Decimal("0.29"),
            "filled_at": at + timedelta(seconds=part),
        }
        for part in range(2)
    ]
    linked: Step = lambda m: m.link_trade_to_strategy(order_id=order_id, signal_data=signal, signal_time=at)  # noqa: E731
    return [linked, lambda manager: manager.record_fills(fills)]


async def main(endpoint: str, outbox: str, begin: str, first: int) -> None:
    manager = StrategySnapshotManager(endpoint, bot_id="faulty", outbox=outbox, send_every=0.05, snapshot_wait=0)
    for number, step in enumerate(steps(datetime.fromisoformat(begin))):
        if number >= first:
            await step(manager)
            print(number, flush=True)
            await asyncio.sleep(0.001)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])))
