"""How figures are shown: money to the fen, rates the way clients say them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

FEN = Decimal("0.01")
_THOUSANDTH = Decimal("0.001")
_WAN, _YI = Decimal(10_000), Decimal(100_000_000)


def fen(amount: Decimal) -> Decimal:
    """Rounded half up to the fen, as a bill is."""
    return amount.quantize(FEN, rounding=ROUND_HALF_UP)


def yuan_text(amount: Decimal) -> str:
    """'1,284.60': two decimals and grouped thousands, no currency sign."""
    shown = fen(amount)
    # Minus zero is no sum to read aloud.
    return f"{shown if shown else Decimal('0.00'):,.2f}"


def plain(number: Decimal) -> str:
    """The shortest way to write a number: 50, 2.5, 100000 (never 1E+5)."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def rate_text(rate: Decimal) -> str:
    """A rate the way it is spoken: 0.0025 → '0.25%', 0.00025 → '万2.5'.

    From one per thousand upwards people say per cent, below it per ten thousand.
    """
    if rate >= _THOUSANDTH:
        return f"{plain(rate * 100)}%"
    return f"万{plain(rate * _WAN)}"


def amount_text(amount: Decimal) -> str:
    """A sum for the ear: 100000 → '10万', 123456789 → '1.23亿'; below ten thousand to the fen as needed.

    Rounded to three or four leading digits: for talk, never for a bill.
    """
    if abs(amount) >= _YI:
        return f"{plain((amount / _YI).quantize(FEN, rounding=ROUND_HALF_UP))}亿"
    if abs(amount) >= _WAN:
        return f"{plain((amount / _WAN).quantize(FEN, rounding=ROUND_HALF_UP))}万"
    return plain(fen(amount))
