"""Column types that mean the same on SQLite and PostgreSQL.

SQLite has no decimal type and would keep money as a binary float, so exact decimals are stored as
scaled 64-bit integers on both engines; comparing, ordering, summing, minimum and maximum stay exact.
"""

from __future__ import annotations

from datetime import datetime, timezone
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import BigInteger, DateTime
from sqlalchemy.sql import operators
from sqlalchemy.types import TypeDecorator

from bot.clock import SHANGHAI

"""The time zone of every date and time an advisor reads."""

_MAX_SCALED = 2**63 - 1
_ARITHMETIC = (
    operators.add,
    operators.sub,
    operators.mul,
    operators.truediv,
    operators.div,
    operators.mod,
)


class _ScaledDecimal(TypeDecorator):
    """An exact decimal with a fixed number of places, stored as an integer.

    Subclasses set `places`. A value that does not fit the places is refused, not rounded: rounding is a
    decision of the business, never of the column.
    """

    impl = BigInteger
    cache_ok = True
    places = 0

    class comparator_factory(  # noqa: N801 - the name is SQLAlchemy's
        TypeDecorator.Comparator, BigInteger.Comparator
    ):
        """Refuses arithmetic in SQL: its result would be a bare integer or of another scale."""

        def operate(self, op: Any, *other: Any, **kwargs: Any) -> Any:
            _refuse_arithmetic(op)
            return super().operate(op, *other, **kwargs)

        def reverse_operate(self, op: Any, other: Any, **kwargs: Any) -> Any:
            _refuse_arithmetic(op)
            return super().reverse_operate(op, other, **kwargs)

    @property
    def python_type(self) -> type[Decimal]:
        return Decimal

    def process_bind_param(self, value: Decimal | int | str | None, dialect: Any) -> int | None:
        if value is None:
            return None
        return to_scaled(value, self.places)

    def process_literal_param(self, value: Decimal | int | str | None, dialect: Any) -> str:
        return "NULL" if value is None else str(to_scaled(value, self.places))

    def process_result_value(self, value: Any, dialect: Any) -> Decimal | None:
        if value is None:
            return None
        # PostgreSQL answers SUM(bigint) with a NUMERIC, which the driver hands over as a Decimal.
        return from_scaled(int(value), self.places)


class Money(_ScaledDecimal):
    """Yuan with two decimals (fen); about ±92 quadrillion yuan."""

    cache_ok = True
    places = 2


class Price(_ScaledDecimal):
    """Yuan a share with four decimals."""

    cache_ok = True
    places = 4


class Rate(_ScaledDecimal):
    """A fraction with eight decimals: 万2.5 is 0.00025."""

    cache_ok = True
    places = 8


class LocalDateTime(TypeDecorator):
    """An aware point in time: Asia/Shanghai in Python, UTC in the database.

    Raises:
        ValueError: when a value without a time zone is written or compared.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime must carry a time zone; use bot.clock.SHANGHAI")
        return value.astimezone(timezone.utc)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:  # SQLite keeps no zone
            value = value.replace(tzinfo=timezone.utc)
        return value.astimezone(SHANGHAI)


def to_scaled(value: Decimal | int | str, places: int) -> int:
    """Turn a decimal into its scaled integer, exactly.

    Args:
        value: A finite decimal, an integer, or a decimal numeral. Binary floats are refused.
        places: Number of decimals kept.

    Returns:
        `value` times ten to the power of `places`.

    Raises:
        TypeError: for floats, booleans and anything that is no number.
        ValueError: when the value is not finite, has more decimals than fit, or exceeds 64 bits.
    """
    if isinstance(value, bool) or not isinstance(value, (Decimal, int, str)):
        raise TypeError(f"an exact decimal is needed, not {type(value).__name__}")
    try:
        number = Decimal(value)
    except InvalidOperation as error:
        raise ValueError(f"not a decimal numeral: {value!r}") from error
    if not number.is_finite():
        raise ValueError(f"not a finite number: {number}")
    if number.adjusted() > 18:  # keeps a value such as 1E+999999 from being expanded
        raise ValueError(f"{number} is too large")
    sign, digits, exponent = number.as_tuple()
    shift = int(exponent) + places
    scaled = int("".join(map(str, digits)) or "0")
    if shift >= 0:
        scaled *= 10**shift
    elif -shift > len(digits) and scaled:
        raise ValueError(f"{number} has more than {places} decimals")
    elif scaled:
        scaled, rest = divmod(scaled, 10**-shift)
        if rest:
            raise ValueError(f"{number} has more than {places} decimals")
    if scaled > _MAX_SCALED:
        raise ValueError(f"{number} is too large")
    return -scaled if sign else scaled


def from_scaled(scaled: int, places: int) -> Decimal:
    """Turn a scaled integer back into its decimal, with exactly `places` decimals."""
    # scaleb() rounds to the context's precision; building the tuple never does.
    sign, digits, _ = Decimal(scaled).as_tuple()
    return Decimal((sign, digits, -places))


def _refuse_arithmetic(op: Any) -> None:
    if op in _ARITHMETIC:
        raise TypeError("calculate with decimals in Python: in SQL they are scaled integers")
