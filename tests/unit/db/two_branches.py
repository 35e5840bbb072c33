"""Two branches with one row each of every client-owned kind; ids are 1 and 2, like the branches."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from bot.clock import SHANGHAI
from bot.db import models as m

AT = datetime(2026, 11, 20, 10, tzinfo=SHANGHAI)
DAY = date(2026, 11, 1)


def fill(session: Session) -> None:
    """Add two branches with one client each and all that belongs to them."""
    money = Decimal("100.00")
    for n in (1, 2):
        session.add(
            m.Branch(id=n, name=f"营业部{n}", city="青岛市", district=f"{n}区", address="-", phone="-")
        )
        session.flush()
        session.add(
            m.Staff(id=n, username=f"u{n}", password_hash="-", name="员工", role="advisor", branch_id=n)
        )
        session.flush()
        session.add(
            m.Client(
                id=n, client_no=f"2000000{n}", name="同名", gender="F", phone=f"1000000000{n}",
                birth_date=DAY, id_doc_valid_until=DAY, branch_id=n, advisor_id=n,
                segment="retail", opened_on=DAY,
            )
        )  # fmt: skip
        session.flush()
        session.add(
            m.Account(
                id=n, client_id=n, fund_no=f"3{n}", market="SH", commission_rate=Decimal("0.00025"),
                min_fee=Decimal("5.00"), cash_balance=money,
            )
        )  # fmt: skip
        session.add(
            m.Visit(
                id=n,
                branch_id=n,
                client_id=n,
                sender_id=f"s{n}",
                status="waiting",
                queued_at=AT,
                purpose="销户",
            )
        )
        session.flush()
        session.add_all(
            [
                m.Trade(
                    id=n, account_id=n, client_id=n, traded_at=AT, code="600036", name="招商银行", side="buy",
                    quantity=100, price=Decimal("40"), amount=Decimal("4000"), commission=Decimal("5"),
                ),
                m.MonthlyActivity(
                    id=n, client_id=n, month=DAY, turnover=money, trades=1, commission=money,
                    assets_end=money, profit=-money,
                ),
                m.Transfer(id=n, client_id=n, at=AT, amount=-money, counterparty="工商银行"),
                m.Position(
                    id=n, client_id=n, code="600036", name="招商银行", quantity=100,
                    cost=money, market_value=money,
                ),
                m.Contact(id=n, client_id=n, staff_id=n, at=AT, channel="phone", direction="out", note="旧"),
                m.Complaint(id=n, client_id=n, at=AT, topic="无人服务", text="旧"),
                m.FeeRequest(id=n, client_id=n, at=AT, asked_rate=Decimal("0.0002")),
                m.VisitEvent(id=n, visit_id=n, seq=1, at=AT, kind="note", payload={"text": "旧"}),
                m.FollowUp(id=n, branch_id=n, visit_id=n, client_id=n, staff_id=n, due_on=DAY, topic="回访"),
                m.Reading(id=n, branch_id=n, noted_at=AT, kind="unsure", text="旧", read=[["other", 0.4]]),
            ]
        )  # fmt: skip
        session.flush()
