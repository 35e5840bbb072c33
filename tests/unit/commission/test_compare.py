from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commission.compare import Tariff, Trade, compare, pass_through, turnover_cost, yearly_cost
from bot.commission.errors import CommissionError
from bot.commission.money import fen

D = Decimal
RATES = st.integers(min_value=1, max_value=3000).map(lambda n: D(n) / 1_000_000)
FLOORS = st.sampled_from([D(0), D("0.1"), D(1), D(5)])
TRADES = st.lists(st.decimals(min_value="0.01", max_value=10_000_000, places=2), min_size=1, max_size=30)


def test_the_deck_example_is_exactly_fifty() -> None:
    result = compare(None, D(100_000), Tariff(D("0.0025")), Tariff(D("0.002")))
    assert result.yearly_difference == D("50.00")
    assert fen(result.monthly_difference) == D("4.17")
    assert (result.basis, result.floor_known) == ("turnover", False)
    assert any("2,500.00" in note for note in result.notes)


def test_the_deck_example_from_eight_trades() -> None:
    result = compare([D(12_500)] * 8, None, Tariff(D("0.0025")), Tariff(D("0.002")))
    assert (result.our_cost.total, result.their_cost.total) == (D(250), D(200))
    assert (result.basis, result.floor_known, result.our_cost.floor_trades) == ("trades", True, 0)


def test_the_floor_is_counted_apart() -> None:
    cost = yearly_cost([D(1000), D(1000), D(100_000)], Tariff(D("0.00025")))
    assert (cost.total, cost.floor_part, cost.floor_trades, cost.trades) == (D("35.00"), D("9.50"), 2, 3)
    assert cost.effective_rate == D(35) / D(102_000)


def test_each_trade_is_rounded_half_up_to_the_fen() -> None:
    assert yearly_cost([D("10.10")] * 2, Tariff(D("0.0005"), D(0))).total == D("0.02")  # 0.00505 → 0.01 each


@pytest.mark.parametrize(("rate", "size"), [("0.0025", "2000"), ("0.0003", "16666.67"), ("0.002", "2500")])
def test_break_even_trade(rate: str, size: str) -> None:
    assert fen(Tariff(D(rate)).break_even) == D(size)


def test_no_floor_no_break_even() -> None:
    assert Tariff(D("0.0001"), D(0)).break_even == 0


def test_matching_costs_nothing_when_we_are_cheaper() -> None:
    result = compare(None, D(100_000), Tariff(D("0.0001"), D(0)), Tariff(D("0.0002"), D(0)))
    assert (result.yearly_difference, result.cost_to_match, result.floor_known) == (D(-10), D(0), True)


def test_trades_outrank_what_the_client_says() -> None:
    result = compare([D(50_000)], D(100_000), Tariff(D("0.001")), Tariff(D("0.0005")))
    assert result.basis == "trades" and result.our_cost.turnover == D(50_000)
    assert any("100,000.00" in note for note in result.notes)


@pytest.mark.parametrize(
    ("rate", "floor", "message"),
    [
        ("0.0031", "5", "上限"),
        ("-0.001", "5", "大于零"),
        ("0", "5", "大于零"),
        ("0.001", "-1", "负数"),
        ("0.001", "500", "核对"),
        ("NaN", "5", "大于零"),
    ],
)
def test_absurd_tariffs_are_refused(rate: str, floor: str, message: str) -> None:
    with pytest.raises(CommissionError, match=message):
        Tariff(D(rate), D(floor))


def test_the_ceiling_itself_is_allowed() -> None:
    assert Tariff(D("0.003")).min_fee == 5


def test_floats_are_refused() -> None:
    with pytest.raises(CommissionError, match="精确"):
        Tariff(0.001)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("trades", "turnover"),
    [(None, None), ([], None), (None, D(0)), (None, D(-1)), ([D(0)], None), (None, D("1e12"))],
)
def test_absurd_years_are_refused(trades: list[Decimal] | None, turnover: Decimal | None) -> None:
    with pytest.raises(CommissionError):
        compare(trades, turnover, Tariff(D("0.001")), Tariff(D("0.0005")))


def test_pass_through_by_trade() -> None:
    result = pass_through([Trade(D(10_000), "buy"), Trade(D(10_000), "sell", "beijing")])
    sums = {line.id: line.amount for line in result.lines}
    assert sums == {
        "stamp_duty": D("5.00"),
        "handling": D("1.59"),
        "transfer": D("0.20"),
        "regulatory": D("0.40"),
    }
    assert (result.on_top, result.within, result.basis) == (D("5.20"), D("1.99"), "trades")


def test_pass_through_by_turnover_says_what_it_assumes() -> None:
    result = pass_through(turnover=D(100_000))
    assert {line.id: line.amount for line in result.lines}["stamp_duty"] == D(25)
    assert "各半" in result.note


@pytest.mark.parametrize("trade", [Trade(D(1), "hold"), Trade(D(1), "buy", "tokyo"), Trade(D(0), "buy")])  # type: ignore[arg-type]
def test_pass_through_refuses_nonsense(trade: Trade) -> None:
    with pytest.raises(CommissionError):
        pass_through([trade])


@given(TRADES, RATES, RATES, FLOORS)
def test_a_higher_rate_never_costs_less(
    trades: list[Decimal], one: Decimal, other: Decimal, floor: Decimal
) -> None:
    low, high = sorted((one, other))
    assert yearly_cost(trades, Tariff(low, floor)).total <= yearly_cost(trades, Tariff(high, floor)).total


@given(TRADES, RATES, FLOORS)
def test_a_floor_never_lowers_the_cost(trades: list[Decimal], rate: Decimal, floor: Decimal) -> None:
    with_floor, without = yearly_cost(trades, Tariff(rate, floor)), yearly_cost(trades, Tariff(rate, D(0)))
    assert with_floor.total == without.total + with_floor.floor_part
    assert with_floor.floor_part >= 0 and without.floor_trades == 0


@given(TRADES, RATES, FLOORS)
def test_splitting_never_makes_it_cheaper_than_the_turnover(
    trades: list[Decimal], rate: Decimal, floor: Decimal
) -> None:
    tariff = Tariff(rate, floor)
    by_turnover = turnover_cost(sum(trades, D(0)), tariff).total
    # Half a fen a trade may be lost to rounding, no more.
    assert yearly_cost(trades, tariff).total >= by_turnover - D("0.005") * len(trades)


@given(TRADES, RATES, RATES, FLOORS)
def test_a_comparison_turned_round_changes_sign(
    trades: list[Decimal], one: Decimal, other: Decimal, floor: Decimal
) -> None:
    ours, theirs = Tariff(one, floor), Tariff(other, D(0))
    there, back = compare(trades, None, ours, theirs), compare(trades, None, theirs, ours)
    assert there.yearly_difference == -back.yearly_difference
    assert there.floor_difference == -back.floor_difference
