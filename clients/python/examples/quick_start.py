"""A day of trading, from an empty database to the comparison that it prints.

    npm start                                        # in another terminal
    PYTHONPATH=clients/python python3 clients/python/examples/quick_start.py [endpoint]

It uses its own bot, and an outbox in a temporary directory.
"""

import asyncio
import sys
import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path

from strategy_snapshots import StrategySnapshotManager


class Config:
    """The bot's settings, as attributes."""

    score_buy_target = 5.5
    score_sell_target = 5.5
    indicator_weights = {"rsi": 2.5, "macd": 1.8, "roc": 2.0}  # noqa: RUF012
    tp_threshold = 0.035
    sl_threshold = 0.02
    excluded_symbols = ["A8-USD", "PENGU-USD"]  # noqa: RUF012


#: Exit prices of five trades of 0.01 BTC, each bought at 97,000.
SOLD_AT = ("97900.00", "96800.00", "96950.00", "97400.00", "96700.00")


async def main(endpoint: str, outbox: Path) -> None:
    async with StrategySnapshotManager(endpoint, bot_id="quick-start", outbox=outbox, send_every=1) as manager:
        snapshot_id = await manager.save_current_config(Config(), notes="Baseline: RSI weight 2.5")
        print(f"Snapshot {snapshot_id} is active")

        for number, sold_at in enumerate(SOLD_AT):
            await trade(manager, number, sold_at)

        await manager.compute_daily_summary(datetime.now(timezone.utc).date())

        strategies = await manager.compare_strategies(limit=5)
        for s in strategies:
            print(
                f"{s['notes']}: {s['total_trades']} trades, {s['avg_win_rate']:.1f}% win, "
                f"${s['total_pnl']:.2f}, PF {s['avg_profit_factor']:.2f}, expectancy ${s['avg_expectancy']:.2f}"
            )
        print(f"{(await manager.coverage())['link_rate']:.0f}% of the orders are linked")


async def trade(manager: StrategySnapshotManager, number: int, sold_at: str) -> None:
    """Records a buy and a sell, as a bot does when it calls the exchange."""
    bought, sold = f"buy-{number}", f"sell-{number}"
    signal = {"Score": {"Buy Score": 6.5, "Sell Score": 2.1}, "trigger": "SCORE", "indicator_breakdown": {"rsi": 2.5}}
    await manager.link_trade_to_strategy(order_id=bought, signal_data=signal)
    await manager.link_trade_to_strategy(order_id=sold, signal_data={"trigger": "TAKE_PROFIT"})

    now = datetime.now(timezone.utc)
    common = {"symbol": "BTC-USD", "size": "0.01", "fee_usd": "0.50"}
    await manager.record_fill(
        fill_id=f"{bought}-1", order_id=bought, side="buy", price="97000.00", filled_at=now, **common
    )
    await manager.record_fill(
        fill_id=f"{sold}-1", order_id=sold, side="sell", price=sold_at, filled_at=now + timedelta(seconds=1), **common
    )


if __name__ == "__main__":
    service = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:3000"
    with tempfile.TemporaryDirectory() as directory:
        asyncio.run(main(service, Path(directory, "outbox.sqlite3")))
