"""The figures a track may name: exact, the client's own, and absent where they are not known."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import delete, update

from bot.commission.compare import Comparison, Tariff, compare
from bot.db.models import Account, Position, Trade
from bot.db.session import system_session
from bot.playbook.book import Playbook
from bot.playbook.placeholders import FIGURES
from bot.playbook.schema import ALWAYS_KNOWN
from bot.visits.figures import figures, spoken_yuan
from tests.conftest import DEMO_ANCHOR
from tests.unit.visits.conftest import profile, trades

JIN = "20030418"


def offer(client_no: str, rate: str, floor: str = "5") -> Comparison:
    client = profile(client_no)
    ours = Tariff(client.commission_rate, client.min_fee)
    return compare(trades(client_no), None, ours, Tariff(Decimal(rate), Decimal(floor)))


def test_the_deck_s_own_example(book: Playbook, demo_database: str) -> None:
    known = figures(book, DEMO_ANCHOR, profile(JIN), offer(JIN, "0.002"), trades(JIN), advisor="周敏")
    assert (
        known
        | {
            "称呼": "斤女士",
            "成交额": "10万",
            "成交笔数": "8",
            "现费率": "0.25%",
            "对方费率": "0.2%",
            "现佣金": "250",
            "对方佣金": "200",
            "相差": "50",
            "月相差": "4.17",
            "开户年数": "6",
            "资产": "38,200",
            "最低佣金": "5",
            "未联系天数": "143",
            "顾问": "周敏",
            "受理日": "11月20日",
            "办结日": "11月24日",
        }
        == known
    )
    assert "亏损比例" not in known
    assert "保本笔额" not in known  # not one of her trades is at the minimum
    assert "近处网点" not in known


def test_an_unknown_client_has_no_figures(book: Playbook) -> None:
    known = figures(book, DEMO_ANCHOR)
    assert known.keys() == ALWAYS_KNOWN
    assert not known.keys() & (FIGURES.keys() - {"受理日", "办结日"})


def test_a_comparison_without_a_client_tells_nothing_about_him(book: Playbook) -> None:
    said = compare(None, Decimal(1_000_000), Tariff(Decimal("0.0025")), Tariff(Decimal("0.0002")))
    known = figures(book, DEMO_ANCHOR, comparison=said)
    new = known.keys() - ALWAYS_KNOWN
    assert new == {"成交额", "现费率", "对方费率", "现佣金", "对方佣金", "相差", "月相差"}
    assert (known["成交额"], known["相差"]) == ("100万", "2,300")


@pytest.mark.parametrize(("days", "said"), [(None, None), (0, None), (89, None), (90, "90"), (415, "415")])
def test_days_without_contact_are_said_only_where_they_are_many(
    book: Playbook, demo_database: str, days: int | None, said: str | None
) -> None:
    client = replace(profile(JIN), days_since_contact=days)
    assert figures(book, DEMO_ANCHOR, client).get("未联系天数") == said


@pytest.mark.parametrize(
    ("ratio", "said"), [(None, None), ("0", None), ("0.0999", None), ("0.1", "10%"), ("0.7", "70%")]
)
def test_a_small_loss_is_not_mentioned(
    book: Playbook, demo_database: str, ratio: str | None, said: str | None
) -> None:
    client = replace(profile(JIN), loss_ratio_12m=Decimal(ratio) if ratio else None)
    assert figures(book, DEMO_ANCHOR, client).get("亏损比例") == said


def test_a_loss_is_rounded_as_the_flag_beside_it(book: Playbook, demo_database: str) -> None:
    """0.125 and 0.405: half up, as everywhere else; the card's flag rounds so too."""
    for ratio, said in (("0.405", "41%"), ("0.125", "13%")):
        client = replace(profile(JIN), loss_ratio_12m=Decimal(ratio))
        assert figures(book, DEMO_ANCHOR, client)["亏损比例"] == said


@pytest.mark.parametrize(("rate", "floor"), [("0.0025", "5"), ("0.003", "5")])
def test_no_saving_is_named_where_there_is_none(
    book: Playbook, demo_database: str, rate: str, floor: str
) -> None:
    known = figures(book, DEMO_ANCHOR, profile(JIN), offer(JIN, rate, floor), trades(JIN))
    assert "相差" not in known
    assert "月相差" not in known
    assert known["对方佣金"] == {"0.0025": "250", "0.003": "300"}[rate]


def test_the_minimum_binds_every_trade_of_mr_chen(book: Playbook, demo_database: str) -> None:
    known = figures(book, DEMO_ANCHOR, profile("20091128"), None, trades("20091128"))
    assert (known["低于起点笔数"], known["保本笔额"], known["现佣金"]) == ("12", "16,666.67", "60")


def test_a_young_account_has_no_years(book: Playbook, demo_database: str) -> None:
    assert "开户年数" not in figures(book, DEMO_ANCHOR, replace(profile(JIN), tenure_years=0))


def test_without_trades_and_positions_neither_is_named(book: Playbook, demo_copy_url: str) -> None:
    with system_session() as session:
        for model in (Trade, Position):
            session.execute(delete(model).where(model.client_id == 2))
    client = profile(JIN)
    known = figures(book, DEMO_ANCHOR, client, None, trades(JIN))
    assert not known.keys() & {"成交额", "成交笔数", "现佣金", "持仓", "低于起点笔数", "保本笔额", "相差"}
    assert known["持仓数"] == "0"


def test_without_an_account_there_is_no_rate(book: Playbook, demo_copy_url: str) -> None:
    with system_session() as session:
        session.execute(delete(Trade).where(Trade.client_id == 2))
        session.execute(delete(Account).where(Account.client_id == 2))
    known = figures(book, DEMO_ANCHOR, profile(JIN), None, trades(JIN))
    assert not known.keys() & {"现费率", "最低佣金"}


def test_an_account_free_of_commission_breaks_nothing(book: Playbook, demo_copy_url: str) -> None:
    with system_session() as session:
        session.execute(update(Account).where(Account.client_id == 2).values(commission_rate=Decimal(0)))
    figures(book, DEMO_ANCHOR, profile(JIN), None, trades(JIN))


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("50", "50"),
        ("4.1666", "4.17"),
        ("1284.6", "1,284.60"),
        ("9999", "9,999"),
        ("100000", "10万"),
        ("103000", "10.3万"),
        ("103707", "103,707"),
        ("0", "0"),
    ],
)
def test_amounts_are_exact_to_the_fen(amount: str, said: str) -> None:
    assert spoken_yuan(Decimal(amount)) == said


def test_only_known_names_come_out(book: Playbook, demo_database: str) -> None:
    known = figures(
        book,
        DEMO_ANCHOR,
        profile("20040517"),
        offer("20040517", "0.0001", "0"),
        trades("20040517"),
        "某营业部",
        "周敏",
    )
    assert known.keys() <= FIGURES.keys() | book.names.keys()
    assert all(isinstance(value, str) and value for value in known.values())
