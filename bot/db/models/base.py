"""The declarative base, the names of constraints, and the key-value table about the database itself."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, Column, MetaData, String
from sqlalchemy.orm import Mapped, declarative_base

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""Every constraint has a name, so that a later migration can drop it on either engine."""

Base: Any = declarative_base(metadata=MetaData(naming_convention=NAMING_CONVENTION))


def one_of(column: str, values: tuple[str, ...], name: str) -> CheckConstraint:
    """A check that a column holds one of a closed set of words (or NULL, where NULL is allowed)."""
    words = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({words})", name=name)


class Meta(Base):
    """Facts about this database: for instance that it is the demo and which day it was made for."""

    __tablename__ = "meta"

    key: Mapped[str] = Column(String(60), primary_key=True)
    value: Mapped[str] = Column(String(400), nullable=False)
