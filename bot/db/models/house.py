"""The broker's own side: branches and staff. Every branch may read them."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, true
from sqlalchemy.orm import Mapped, relationship
from sqlalchemy.sql import expression

from bot.db.models.base import Base, one_of

ROLES = ("advisor", "agent", "trainee", "trainer", "supervisor", "compliance", "admin")
"""Counter advisor, hotline agent, trainee, trainer, branch supervisor, compliance officer, administrator."""


class Branch(Base):
    """A branch (营业部)."""

    __tablename__ = "branch"

    id: Mapped[int] = Column(Integer, primary_key=True)
    name: Mapped[str] = Column(String(80), nullable=False, unique=True)
    city: Mapped[str] = Column(String(40), nullable=False)
    district: Mapped[str] = Column(String(40), nullable=False)
    address: Mapped[str] = Column(String(200), nullable=False)
    phone: Mapped[str] = Column(String(30), nullable=False)


class Staff(Base):
    """A person who signs in. `short_view` asks for terse hints: experts gain nothing from long ones."""

    __tablename__ = "staff"
    __table_args__ = (one_of("role", ROLES, "role_known"),)

    id: Mapped[int] = Column(Integer, primary_key=True)
    username: Mapped[str] = Column(String(60), nullable=False, unique=True)
    password_hash: Mapped[str] = Column(String(200), nullable=False)
    name: Mapped[str] = Column(String(60), nullable=False)
    role: Mapped[str] = Column(String(20), nullable=False)
    branch_id: Mapped[int] = Column(ForeignKey("branch.id"), nullable=False, index=True)
    short_view: Mapped[bool] = Column(
        Boolean, nullable=False, default=False, server_default=expression.false()
    )
    active: Mapped[bool] = Column(Boolean, nullable=False, default=True, server_default=true())

    branch: Mapped[Branch] = relationship(Branch)
