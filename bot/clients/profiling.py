"""Works out a client's profile with a handful of statements, each over one client's rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.clients.calendar import first_month_of_year, start_of, window
from bot.clients.names import salutation_of
from bot.clients.profile import ClientProfile, FlagThresholds, Holding, flags_of, full_years
from bot.db.models import (
    Account,
    Branch,
    Client,
    Complaint,
    Contact,
    FeeRequest,
    MonthlyActivity,
    Position,
    Staff,
    Trade,
    Transfer,
)

_ZERO = Decimal("0.00")
_RATE_PLACES = Decimal("0.00000001")
_RATIO_PLACES = Decimal("0.0001")


def profile_of(session: Session, client: Client, today: date, thresholds: FlagThresholds) -> ClientProfile:
    """Work out a client's profile as of a day (Asia/Shanghai)."""
    by_id = select(Account).where(Account.client_id == client.id).order_by(Account.id)
    accounts = session.execute(by_id).scalars().all()
    holdings = _holdings(session, client.id)
    cash = sum((account.cash_balance for account in accounts), _ZERO)
    turnover, count, commission, main_id = _trading(session, client.id, today)
    main = next((account for account in accounts if account.id == main_id), accounts[0] if accounts else None)
    last_contact = session.execute(
        select(func.max(Contact.at)).where(
            Contact.client_id == client.id,
            Contact.direction == "out",  # a client whose calls nobody returned was not contacted
            Contact.at < window(today, 12)[1],
        )
    ).scalar_one()
    last_contact_on = last_contact.date() if last_contact else None
    loss, loss_ratio = _loss(session, client.id, today)
    profile = ClientProfile(
        client_id=client.id,
        client_no=client.client_no,
        name=client.name,
        gender=client.gender,
        salutation=salutation_of(client.name, client.gender),
        phone_tail=client.phone[-4:],
        branch_name=session.execute(select(Branch.name).where(Branch.id == client.branch_id)).scalar_one(),
        opened_on=client.opened_on,
        tenure_years=full_years(client.opened_on, today),
        assets=cash + sum((holding.market_value for holding in holdings), _ZERO),
        cash=cash,
        turnover_12m=turnover,
        trades_12m=count,
        commission_12m=commission,
        commission_rate=main.commission_rate if main else Decimal(0),
        min_fee=main.min_fee if main else _ZERO,
        last_contact_on=last_contact_on,
        days_since_contact=(today - last_contact_on).days if last_contact_on else None,
        loss_12m=loss,
        loss_ratio_12m=loss_ratio,
        branch_average_rate=branch_average_rate(session, client.branch_id),
        open_complaints=session.execute(
            select(func.count(Complaint.id)).where(
                Complaint.client_id == client.id, Complaint.resolved_at.is_(None)
            )
        ).scalar_one(),
        fee_requests=session.execute(
            select(func.count(FeeRequest.id)).where(
                FeeRequest.client_id == client.id, FeeRequest.at >= window(today, 12)[0]
            )
        ).scalar_one(),
        positions=holdings,
        markets=tuple(account.market for account in accounts),
        designated=any(account.designated for account in accounts),
        id_doc_valid_until=client.id_doc_valid_until,
        id_doc_valid=client.id_doc_valid_until >= today,
        margin=any(account.margin for account in accounts),
        opened_remotely=client.opened_remotely,
        district=client.district,
        advisor_name=session.execute(
            select(Staff.name).where(Staff.id == client.advisor_id)
        ).scalar_one_or_none(),
        flags=(),
    )
    return replace(profile, flags=flags_of(profile, thresholds, today))


def branch_average_rate(session: Session, branch_id: int) -> Decimal:
    """The mean contract commission rate (a fraction) of a branch's accounts; 0 when it has none."""
    total, count = session.execute(
        select(func.sum(Account.commission_rate), func.count(Account.id))
        .join(Client, Client.id == Account.client_id)
        .where(Client.branch_id == branch_id)
    ).one()
    return (total / count).quantize(_RATE_PLACES, ROUND_HALF_UP) if count else Decimal(0)


def _holdings(session: Session, client_id: int) -> tuple[Holding, ...]:
    rows = session.execute(
        select(Position.code, Position.name, Position.market_value)
        .where(Position.client_id == client_id)
        .order_by(Position.market_value.desc(), Position.code)
    )
    return tuple(Holding(*row) for row in rows)


def _trading(session: Session, client_id: int, today: date) -> tuple[Decimal, int, Decimal, int | None]:
    """Turnover, number of trades and commission of the window, and the account with most turnover."""
    since, until = window(today, 12)
    rows = session.execute(
        select(Trade.account_id, func.sum(Trade.amount), func.count(Trade.id), func.sum(Trade.commission))
        .where(Trade.client_id == client_id, Trade.traded_at >= since, Trade.traded_at < until)
        .group_by(Trade.account_id)
        .order_by(func.sum(Trade.amount).desc(), Trade.account_id)
    ).all()
    return (
        sum((row[1] for row in rows), _ZERO),
        sum(row[2] for row in rows),
        sum((row[3] for row in rows), _ZERO),
        rows[0][0] if rows else None,
    )


def _loss(session: Session, client_id: int, today: date) -> tuple[Decimal, Decimal | None]:
    """The loss of the twelve calendar months up to the present one, and its share of the capital.

    Profits are kept by calendar month, so this window starts on the first of a month.
    """
    first = first_month_of_year(today)
    profit = session.execute(
        select(func.sum(MonthlyActivity.profit)).where(
            MonthlyActivity.client_id == client_id,
            MonthlyActivity.month >= first,
            MonthlyActivity.month <= today,
        )
    ).scalar_one()
    opening = session.execute(
        select(MonthlyActivity.assets_end)
        .where(MonthlyActivity.client_id == client_id, MonthlyActivity.month < first)
        .order_by(MonthlyActivity.month.desc())
        .limit(1)
    ).scalar_one_or_none()
    paid_in = session.execute(
        select(func.sum(Transfer.amount)).where(
            Transfer.client_id == client_id, Transfer.at >= start_of(first), Transfer.amount > 0
        )
    ).scalar_one()
    loss = max(-(profit or _ZERO), _ZERO)
    capital = (opening or _ZERO) + (paid_in or _ZERO)
    ratio = (loss / capital).quantize(_RATIO_PLACES, ROUND_HALF_UP) if capital else None
    return loss, ratio
