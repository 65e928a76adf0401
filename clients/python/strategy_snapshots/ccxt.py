"""Trades of ccxt as fills, with the ids that `strategy import` gives them too."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from fractions import Fraction
from typing import Any, NamedTuple

from .decimals import exact, plain, rounded

#: Currencies that the service counts as one dollar.
AT_PAR = ("USD", "USDC", "USDT", "BUSD", "FDUSD", "TUSD", "DAI")
#: The names that exchanges give to the size of a contract.
_CONTRACT_SIZES = ("contractSize", "contract_size", "ctVal", "contractVal", "multiplier")
#: An option names its expiry and its strike.
_OPTION = re.compile(r"-\d{6}-[\d.]+-[CP]$")
#: Deeper than exchanges nest their trades.
_DEEPEST = 4

#: Prices of currencies in USD, or sizes of contracts by symbol.
Numbers = Mapping[str, float | str]


class _Market(NamedTuple):
    base: str
    quote: str
    #: None for spot.
    settlement: str | None


def fill_of(trade: Mapping[str, Any], prices: Numbers, contract_sizes: Numbers) -> dict[str, Any]:
    """A trade as `fetchMyTrades` returns it. Amounts have the digits of `info` where a float has lost some.
    @raises ValueError with the reason why it cannot be recorded"""
    identity, symbol = trade.get("id"), trade.get("symbol")
    if not identity or not symbol:
        raise ValueError("a trade needs an id and a symbol")
    market = _market(symbol)
    info = trade.get("info")
    price, amount = _exact_in(info, trade.get("price")), _exact_in(info, trade.get("amount"))
    contract = _contract_size(trade, price * amount, contract_sizes) if market.settlement else Fraction(1)
    size = rounded(amount * contract)
    fill: dict[str, Any] = {
        "fill_id": f"{symbol}:{identity}",
        "order_id": trade.get("order") or identity,
        "symbol": symbol,
        "side": trade["side"],
        "price": plain(price),
        "size": plain(size),
        "position_side": _position_side(info),
        "filled_at": _time(trade),
        "quote_usd": None if market.quote in AT_PAR else _known(prices, market.quote),
    }
    return {
        name: value
        for name, value in {**fill, **_fee(trade, market, price * size, prices)}.items()
        if value is not None
    }


def _market(symbol: str) -> _Market:
    pair, _, settles = symbol.upper().partition(":")
    base, _, quote = pair.rpartition("/")
    settlement = settles.partition("-")[0] or None
    if _OPTION.search(symbol.upper()):
        raise ValueError(f"{symbol} is an option, which is not supported")
    if settlement and settlement == base:
        raise ValueError(f"{symbol} is an inverse contract (settled in its base coin), which is not supported")
    return _Market(base, quote, settlement)


def _fee(trade: Mapping[str, Any], market: _Market, value: Fraction, prices: Numbers) -> dict[str, Any]:
    """One fee in base or quote is sent as it is, any other as its value in USD. Without a price it is left out, and the service counts the
    fill as one without a fee."""
    charges = [charge for charge in _charges(trade) if exact(charge["cost"]) != 0]
    if not charges:
        return {"fee_usd": "0"} if _charges(trade) else {}
    [charge, *others] = charges
    currency = str(charge["currency"]).upper()
    if not others and currency in (market.base, market.quote):
        return {"fee": {"amount": plain(exact(charge["cost"])), "currency": currency}}
    values = [_in_usd(charge, market, (value, exact(trade.get("price"))), prices) for charge in charges]
    return {} if None in values else {"fee_usd": plain(sum((each or Fraction(0) for each in values), Fraction(0)))}


def _charges(trade: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """`fees` has all of them, `fee` the only one."""
    for given in (trade.get("fees"), [trade.get("fee")]):
        known = [fee for fee in given or () if fee and fee.get("cost") is not None and fee.get("currency")]
        if known:
            return known
    return []


def _in_usd(
    charge: Mapping[str, Any], market: _Market, traded: tuple[Fraction, Fraction], prices: Numbers
) -> Fraction | None:
    value, price = traded
    currency, cost = str(charge["currency"]).upper(), exact(charge["cost"])
    quote_usd = _usd(market.quote, prices)
    if currency == market.base:
        return None if quote_usd is None else rounded(cost * price * quote_usd)
    if (usd := _usd(currency, prices)) is not None:
        return rounded(cost * usd)
    # `rate` is the share of the trade's value.
    rate = abs(exact(charge.get("rate")))
    return rounded((-1 if cost < 0 else 1) * value * rate * quote_usd) if rate and quote_usd is not None else None


def _usd(currency: str, prices: Numbers) -> Fraction | None:
    known = "1" if currency in AT_PAR else _known(prices, currency)
    return None if known is None else exact(known)


def _known(numbers: Numbers, name: str) -> str | None:
    return str(numbers[name]) if name in numbers else None


def _contract_size(trade: Mapping[str, Any], value: Fraction, contract_sizes: Numbers) -> Fraction:
    """In the base coin: as stated, or the ratio of the cost to price × amount."""
    info = trade.get("info")
    named = [info.get(name) for name in _CONTRACT_SIZES] if isinstance(info, Mapping) else []
    stated = [contract_sizes.get(trade["symbol"]), trade.get("contractSize"), *named]
    for size in filter(None, stated):
        if exact(size) > 0:
            return exact(size)
    ratio = float(exact(trade.get("cost")) / value) if value else 0.0
    if ratio > 0:
        power = 10.0 ** round(math.log10(ratio))
        if abs(ratio / power - 1) < 0.01:  # the cost may be rounded
            return exact(f"{power:.1g}")
        if abs(ratio / float(f"{ratio:.2g}") - 1) < 0.0001:
            return exact(f"{ratio:.2g}")
    raise ValueError(
        f"the size of a contract of {trade['symbol']} is unknown: pass contract_sizes={{'{trade['symbol']}': …}}"
    )


def _exact_in(info: object, number: float | str | None) -> Fraction:
    """The decimal behind a float: the text among the exchange's own values that is the same float, if there is only one such decimal."""
    if isinstance(number, str) or number is None:
        return exact(number)
    same = {exact(text) for text in _texts_in(info, 0) if _is(text, number)}
    return same.pop() if len(same) == 1 else exact(number)


def _texts_in(value: object, depth: int) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping) and depth < _DEEPEST:
        for each in value.values():
            yield from _texts_in(each, depth + 1)
    elif isinstance(value, (list, tuple)) and depth < _DEEPEST:
        for each in value:
            yield from _texts_in(each, depth + 1)


def _is(text: str, number: float) -> bool:
    try:
        return re.fullmatch(r"-?\d+(\.\d*)?([eE][+-]?\d{1,3})?", text) is not None and float(text) == float(number)
    except (ValueError, OverflowError):
        return False


def _position_side(info: object) -> str | None:
    """In hedge mode the exchange names the side of the position; otherwise the service's default applies."""
    if not isinstance(info, Mapping):
        return None
    side = str(info.get("positionSide", info.get("posSide"))).lower()
    return side if side in ("long", "short") else None


def _time(trade: Mapping[str, Any]) -> datetime:
    milliseconds = int(trade["timestamp"])
    return datetime.fromtimestamp(milliseconds // 1000, timezone.utc).replace(microsecond=milliseconds % 1000 * 1000)
