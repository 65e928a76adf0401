"""Times FIFO matching alone in beancount and rp2: fills as JSON lines on stdin, seconds as JSON on stdout."""

import json
import os
import sys
import tempfile
import time
from decimal import Decimal

FILLS = [json.loads(line) for line in sys.stdin]


def beancount_seconds() -> float:
    """Booking of parsed transactions, which is where beancount matches lots."""
    from beancount.parser import booking, parser

    lines = ['1970-01-01 open Assets:A "FIFO"', "1970-01-01 open Assets:Cash", "1970-01-01 open Income:PnL"]
    for fill in FILLS:
        day, size, price = fill["filled_at"][:10], fill["size"], fill["price"]
        if fill["side"] == "buy":
            lines += [f'{day} * "buy"', f"  Assets:A  {size} BTC {{{price} USD}}", "  Assets:Cash"]
        else:
            proceeds = Decimal(size) * Decimal(price)
            lines += [f'{day} * "sell"', f"  Assets:A  -{size} BTC {{}} @ {price} USD"]
            lines += [f"  Assets:Cash  {proceeds} USD", "  Income:PnL"]
    entries, errors, options = parser.parse_string("\n".join(lines))
    assert not errors, errors[0]
    began = time.perf_counter()
    _, errors = booking.book(entries, options)
    seconds = time.perf_counter() - began
    assert not errors, errors[0]
    return seconds


CONFIGURATION = """
[general]
assets = BTC
exchanges = exchange
holders = holder
[in_header]
timestamp = 0
asset = 1
exchange = 2
holder = 3
transaction_type = 4
spot_price = 5
crypto_in = 6
crypto_fee = 7
fiat_in_no_fee = 8
fiat_in_with_fee = 9
fiat_fee = 10
unique_id = 11
notes = 12
[out_header]
timestamp = 0
asset = 1
exchange = 2
holder = 3
transaction_type = 4
spot_price = 5
crypto_out_no_fee = 6
crypto_fee = 7
crypto_out_with_fee = 8
fiat_out_no_fee = 9
fiat_fee = 10
unique_id = 11
notes = 12
[intra_header]
timestamp = 0
asset = 1
from_exchange = 2
from_holder = 3
to_exchange = 4
to_holder = 5
spot_price = 6
crypto_sent = 7
crypto_received = 8
unique_id = 9
notes = 10
"""


def rp2_seconds() -> float:
    """The computation of gains, where rp2 pairs disposals with acquired lots."""
    os.chdir(tempfile.mkdtemp())
    from prezzemolo.avl_tree import AVLTree
    from rp2.accounting_engine import AccountingEngine
    from rp2.configuration import Configuration
    from rp2.in_transaction import InTransaction
    from rp2.input_data import InputData
    from rp2.out_transaction import OutTransaction
    from rp2.plugin.accounting_method.fifo import AccountingMethod
    from rp2.plugin.country.us import US
    from rp2.rp2_decimal import RP2Decimal
    from rp2.tax_engine import compute_tax
    from rp2.transaction_set import TransactionSet

    with open("config.ini", "w", encoding="utf-8") as file:
        file.write(CONFIGURATION)
    configuration = Configuration("config.ini", US())
    bought = TransactionSet(configuration, "IN", "BTC")
    sold = TransactionSet(configuration, "OUT", "BTC")
    for row, fill in enumerate(FILLS, 1):
        at = [fill["filled_at"].replace("Z", "+0000"), "BTC", "exchange", "holder"]
        price, size = RP2Decimal(fill["price"]), RP2Decimal(fill["size"])
        if fill["side"] == "buy":
            bought.add_entry(InTransaction(configuration, *at, "BUY", price, size, fiat_fee=RP2Decimal("0"), row=row))
        else:
            sold.add_entry(OutTransaction(configuration, *at, "SELL", price, size, RP2Decimal("0"), row=row))
    moved = TransactionSet(configuration, "INTRA", "BTC")
    methods: AVLTree = AVLTree()
    methods.insert_node(1970, AccountingMethod())
    data = InputData("BTC", bought, sold, moved)
    began = time.perf_counter()
    compute_tax(configuration, AccountingEngine(methods), data)
    return time.perf_counter() - began


print(json.dumps({"beancount": beancount_seconds(), "rp2": rp2_seconds()}))
