"""Records fills as fast as it can, and prints the number of each after its call has returned, until it is killed."""

import asyncio
import itertools
import sys

from strategy_snapshots import StrategySnapshotManager

from .with_fakes import NOWHERE, fill


async def main(outbox: str, first: int) -> None:
    manager = StrategySnapshotManager(NOWHERE, outbox=outbox)
    for number in itertools.count(first):
        if await manager.record_fill(**fill(number)):
            print(number, flush=True)


asyncio.run(main(sys.argv[1], int(sys.argv[2])))
