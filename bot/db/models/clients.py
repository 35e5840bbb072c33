"""What the broker knows about a client. All of it is visible to the client's own branch only.

Amounts are yuan, rates are fractions; the branch of a row is the branch of its client.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, relationship
from sqlalchemy.sql import expression

from bot.db.models.base import Base, one_of
from bot.db.models.house import Branch, Staff
from bot.db.types import LocalDateTime, Money, Price, Rate

MARKETS = ("SH", "SZ", "BJ")
SIDES = ("buy", "sell")
CHANNELS = ("phone", "wechat", "sms", "visit")
DIRECTIONS = ("in", "out")
DECISIONS = ("pending", "granted", "refused")


class Client(Base):
    """A person with securities accounts. `district` is where the client lives now, if known."""

    __tablename__ = "client"
    __table_args__ = (
        one_of("gender", ("F", "M"), "gender_known"),
        Index("ix_client_branch_id_name", "branch_id", "name"),
    )

    id: Mapped[int] = Column(Integer, primary_key=True)
    client_no: Mapped[str] = Column(String(20), nullable=False, unique=True)
    name: Mapped[str] = Column(String(60), nullable=False)
    gender: Mapped[str] = Column(String(1), nullable=False)
    phone: Mapped[str] = Column(String(30), nullable=False, index=True)
    birth_date: Mapped[date] = Column(Date, nullable=False)
    id_doc_valid_until: Mapped[date] = Column(Date, nullable=False)
    branch_id: Mapped[int] = Column(ForeignKey("branch.id"), nullable=False)
    advisor_id: Mapped[int | None] = Column(ForeignKey("staff.id"), index=True)
    segment: Mapped[str] = Column(String(20), nullable=False)
    district: Mapped[str | None] = Column(String(40))
    opened_on: Mapped[date] = Column(Date, nullable=False)
    opened_remotely: Mapped[bool] = Column(
        Boolean, nullable=False, default=False, server_default=expression.false()
    )

    branch: Mapped[Branch] = relationship(Branch)
    advisor: Mapped[Staff | None] = relationship(Staff)
    accounts: Mapped[list[Account]] = relationship("Account", back_populates="client", order_by="Account.id")
    positions: Mapped[list[Position]] = relationship("Position", back_populates="client")
    contacts: Mapped[list[Contact]] = relationship("Contact", back_populates="client")


class Account(Base):
    """One shareholder account of a client on one market; `designated` is Shanghai's 指定交易."""

    __tablename__ = "account"
    __table_args__ = (
        one_of("market", MARKETS, "market_known"),
        CheckConstraint("commission_rate >= 0", name="commission_rate_not_negative"),
        CheckConstraint("min_fee >= 0", name="min_fee_not_negative"),
        UniqueConstraint("fund_no", "market"),
    )

    id: Mapped[int] = Column(Integer, primary_key=True)
    client_id: Mapped[int] = Column(ForeignKey("client.id"), nullable=False, index=True)
    fund_no: Mapped[str] = Column(String(20), nullable=False)
    market: Mapped[str] = Column(String(2), nullable=False)
    commission_rate: Mapped[Decimal] = Column(Rate, nullable=False)
    min_fee: Mapped[Decimal] = Column(Money, nullable=False)
    cash_balance: Mapped[Decimal] = Column(Money, nullable=False)
    designated: Mapped[bool] = Column(
        Boolean, nullable=False, default=False, server_default=expression.false()
    )
    margin: Mapped[bool] = Column(Boolean, nullable=False, default=False, server_default=expression.false())

    client: Mapped[Client] = relationship(Client, back_populates="accounts")


class Trade(Base):
    """One settled order; `commission` is what was charged, rounded half up to the fen."""

    __tablename__ = "trade"
    __table_args__ = (
        one_of("side", SIDES, "side_known"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("commission >= 0", name="commission_not_negative"),
        Index("ix_trade_client_id_traded_at", "client_id", "traded_at"),
    )

    id: Mapped[int] = Column(Integer, primary_key=True)
    account_id: Mapped[int] = Column(ForeignKey("account.id"), nullable=False, index=True)
    client_id: Mapped[int] = Column(ForeignKey("client.id"), nullable=False)
    traded_at: Mapped[datetime] = Column(LocalDateTime, nullable=False)
    code: Mapped[str] = Column(String(6), nullable=False)
    name: Mapped[str] = Column(String(40), nullable=False)
    side: Mapped[str] = Column(String(4), nullable=False)
    quantity: Mapped[int] = Column(Integer, nullable=False)
    price: Mapped[Decimal] = Column(Price, nullable=False)
    amount: Mapped[Decimal] = Column(Money, nullable=False)
    commission: Mapped[Decimal] = Column(Money, nullable=False)

    account: Mapped[Account] = relationship(Account)
    client: Mapped[Client] = relationship(Client)


class MonthlyActivity(Base):
    """A client's calendar month. `profit` is the change of assets less net transfers (negative = loss)."""

    __tablename__ = "monthly_activity"
    __table_args__ = (
        UniqueConstraint("client_id", "month"),
        CheckConstraint("trades >= 0", name="trades_not_negative"),
        CheckConstraint("turnover >= 0", name="turnover_not_negative"),
        Index("ix_monthly_activity_month", "month"),
    )

    id: Mapped[int] = Column(Integer, primary_key=True)
    client_id: Mapped[int] = Column(ForeignKey("client.id"), nullable=False)
    month: Mapped[date] = Column(Date, nullable=False)
    turnover: Mapped[Decimal] = Column(Money, nullable=False)
    trades: Mapped[int] = Column(Integer, nullable=False)
    commission: Mapped[Decimal] = Column(Money, nullable=False)
    assets_end: Mapped[Decimal] = Column(Money, nullable=False)
    profit: Mapped[Decimal] = Column(Money, nullable=False)

    client: Mapped[Client] = relationship(Client)


class Transfer(Base):
    """Money moved between bank and broker: positive into the account, negative out of it."""

    __tablename__ = "transfer"
    __table_args__ = (
        CheckConstraint("amount <> 0", name="amount_not_zero"),
        Index("ix_transfer_client_id_at", "client_id", "at"),
    )

    id: Mapped[int] = Column(Integer, primary_key=True)
    client_id: Mapped[int] = Column(ForeignKey("client.id"), nullable=False)
    at: Mapped[datetime] = Column(LocalDateTime, nullable=False)
    amount: Mapped[Decimal] = Column(Money, nullable=False)
    counterparty: Mapped[str] = Column(String(60), nullable=False)

    client: Mapped[Client] = relationship(Client)


class Position(Base):
    """What a client holds now; `cost` and `market_value` are totals, not prices a share."""

    __tablename__ = "position"
    __table_args__ = (
        UniqueConstraint("client_id", "code"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("market_value >= 0", name="market_value_not_negative"),
    )

    id: Mapped[int] = Column(Integer, primary_key=True)
    client_id: Mapped[int] = Column(ForeignKey("client.id"), nullable=False)
    code: Mapped[str] = Column(String(6), nullable=False)
    name: Mapped[str] = Column(String(40), nullable=False)
    quantity: Mapped[int] = Column(Integer, nullable=False)
    cost: Mapped[Decimal] = Column(Money, nullable=False)
    market_value: Mapped[Decimal] = Column(Money, nullable=False)

    client: Mapped[Client] = relationship(Client, back_populates="positions")


class Contact(Base):
    """One contact: 'out' when the house called first, 'in' when the client did."""

    __tablename__ = "contact"
    __table_args__ = (
        one_of("channel", CHANNELS, "channel_known"),
        one_of("direction", DIRECTIONS, "direction_known"),
        Index("ix_contact_client_id_at", "client_id", "at"),
    )

    id: Mapped[int] = Column(Integer, primary_key=True)
    client_id: Mapped[int] = Column(ForeignKey("client.id"), nullable=False)
    staff_id: Mapped[int | None] = Column(ForeignKey("staff.id"), index=True)
    at: Mapped[datetime] = Column(LocalDateTime, nullable=False)
    channel: Mapped[str] = Column(String(10), nullable=False)
    direction: Mapped[str] = Column(String(3), nullable=False)
    note: Mapped[str] = Column(Text, nullable=False, default="", server_default="")

    client: Mapped[Client] = relationship(Client, back_populates="contacts")
    staff: Mapped[Staff | None] = relationship(Staff)


class Complaint(Base):
    """A complaint; open while `resolved_at` is empty."""

    __tablename__ = "complaint"
    __table_args__ = (Index("ix_complaint_client_id_at", "client_id", "at"),)

    id: Mapped[int] = Column(Integer, primary_key=True)
    client_id: Mapped[int] = Column(ForeignKey("client.id"), nullable=False)
    at: Mapped[datetime] = Column(LocalDateTime, nullable=False)
    topic: Mapped[str] = Column(String(60), nullable=False)
    text: Mapped[str] = Column(Text, nullable=False)
    resolved_at: Mapped[datetime | None] = Column(LocalDateTime)

    client: Mapped[Client] = relationship(Client)


class FeeRequest(Base):
    """A client asked for a lower commission; `asked_rate` is a fraction, if a figure was named."""

    __tablename__ = "fee_request"
    __table_args__ = (
        one_of("decision", DECISIONS, "decision_known"),
        Index("ix_fee_request_client_id_at", "client_id", "at"),
    )

    id: Mapped[int] = Column(Integer, primary_key=True)
    client_id: Mapped[int] = Column(ForeignKey("client.id"), nullable=False)
    at: Mapped[datetime] = Column(LocalDateTime, nullable=False)
    asked_rate: Mapped[Decimal | None] = Column(Rate)
    competitor: Mapped[str | None] = Column(String(60))
    decision: Mapped[str] = Column(String(10), nullable=False, default="pending", server_default="pending")

    client: Mapped[Client] = relationship(Client)
