from decimal import Decimal
from pathlib import Path

import pytest

from bot.commission.errors import CommissionError
from bot.commission.fees import FEES_FILE, fee_schedule, read_fees


def test_the_schedule_holds_the_known_figures() -> None:
    schedule = fee_schedule()
    assert (schedule.ceiling, schedule.min_fee) == (Decimal("0.003"), Decimal(5))
    rates = {fee.id: fee.rates for fee in schedule.fees}
    assert rates["stamp_duty"]["shanghai"] == Decimal("0.0005")
    assert rates["handling"] == {
        "shanghai": Decimal("0.0000341"),
        "shenzhen": Decimal("0.0000341"),
        "beijing": Decimal("0.000125"),
    }
    assert rates["transfer"]["shenzhen"] == Decimal("0.00001")
    assert rates["regulatory"]["beijing"] == Decimal("0.00002")


def test_every_figure_names_its_source_and_day() -> None:
    schedule = fee_schedule()
    for origin in (schedule.ceiling_origin, schedule.min_fee_origin, *(fee.origin for fee in schedule.fees)):
        assert origin.source and origin.as_of and origin.certainty in ("verified", "weak")


@pytest.mark.parametrize(
    ("old", "new"), [('"0.003"', "0.003"), ('"0.003"', '"-1"'), ('"0.003"', '"三"'), ("ceiling:", "x:")]
)
def test_a_broken_schedule_is_refused(tmp_path: Path, old: str, new: str) -> None:
    broken = tmp_path / "fees.yml"
    broken.write_text(FEES_FILE.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CommissionError, match=r"fees\.yml"):
        read_fees(broken)


def test_a_missing_schedule_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommissionError, match="读不出来"):
        read_fees(tmp_path / "none.yml")
