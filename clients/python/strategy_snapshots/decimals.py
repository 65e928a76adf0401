"""Exact decimals, as the service stores them."""

from __future__ import annotations

from decimal import Context, Decimal
from fractions import Fraction

#: Digits after the point that the service stores.
PLACES = 40
_ONE = 10**PLACES


def exact(number: float | str | Decimal | None) -> Fraction:
    """The decimal that a number is written as: 0.1 is one tenth. None counts as 0. @raises ValueError when it is not a number"""
    if number is None:
        return Fraction(0)
    return Fraction(number if isinstance(number, str) else str(number))


def rounded(number: Fraction) -> Fraction:
    """To the places that the service stores, half away from zero."""
    scaled = abs(number) * _ONE
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Fraction(whole if number >= 0 else -whole, _ONE)


def plain(number: Fraction) -> str:
    """A decimal without an exponent: `plain(Fraction(3, 2))` is "1.5"."""
    scaled = int(rounded(number) * _ONE)
    digits = str(abs(scaled)).rjust(PLACES + 1, "0")
    text = f"{digits[:-PLACES]}.{digits[-PLACES:]}".rstrip("0").rstrip(".")
    return f"-{text}" if scaled < 0 else text


def written_decimal(number: Decimal) -> str:
    """A Decimal as text; one that is longer than what the service stores is rounded to that."""
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > PLACES:
        number = number.quantize(Decimal(1).scaleb(-PLACES), context=Context(prec=2 * PLACES))
    return str(number)
