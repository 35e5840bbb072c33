"""One client in figures: what an advisor sees on the card and what talk tracks are filled with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple


class Holding(NamedTuple):
    """One security a client holds; `market_value` in yuan."""

    code: str
    name: str
    market_value: Decimal


@dataclass(frozen=True)
class Flag:
    """Something an advisor should notice; `text` is a short Chinese phrase."""

    id: str
    text: str


@dataclass(frozen=True)
class FlagThresholds:
    """From where on a figure is flagged.

    Attributes:
        no_contact_days: Days without contact; flagged when there are more.
        heavy_loss_ratio: Loss of twelve months as a fraction of the capital; flagged from this value.
        rate_above_branch: Commission rate as a multiple of the branch's average; flagged from this value.
        id_doc_warn_days: An identity document expiring within so many days is flagged.
    """

    no_contact_days: int = 90
    heavy_loss_ratio: Decimal = Decimal("0.4")
    rate_above_branch: Decimal = Decimal("2.0")
    id_doc_warn_days: int = 30


@dataclass(frozen=True)
class ClientProfile:
    """A client's master data and the figures of the twelve months that end today (Asia/Shanghai).

    Money is yuan, rates and ratios are fractions. `loss_12m` is positive for a loss and 0 otherwise.
    `loss_ratio_12m` divides it by the capital at work: assets at the window's start plus what was paid in
    since; None when there was none. `commission_rate` and `min_fee` are those of the account with the
    largest turnover in the window. `last_contact_on` counts only contacts the house made.
    `branch_average_rate` is the mean contract rate of the branch's accounts.
    """

    client_id: int
    client_no: str
    name: str
    gender: str
    salutation: str
    phone_tail: str
    branch_name: str
    opened_on: date
    tenure_years: int
    assets: Decimal
    cash: Decimal
    turnover_12m: Decimal
    trades_12m: int
    commission_12m: Decimal
    commission_rate: Decimal
    min_fee: Decimal
    last_contact_on: date | None
    days_since_contact: int | None
    loss_12m: Decimal
    loss_ratio_12m: Decimal | None
    branch_average_rate: Decimal
    open_complaints: int
    fee_requests: int
    positions: tuple[Holding, ...]
    markets: tuple[str, ...]
    designated: bool
    id_doc_valid_until: date
    id_doc_valid: bool
    margin: bool
    opened_remotely: bool
    district: str | None
    advisor_name: str | None
    flags: tuple[Flag, ...]


def flags_of(profile: ClientProfile, thresholds: FlagThresholds, today: date) -> tuple[Flag, ...]:
    """What to notice about a client, the most urgent first."""
    flags: list[Flag] = []
    if profile.open_complaints:
        flags.append(Flag("open_complaint", f"有 {profile.open_complaints} 件投诉未办结"))
    if profile.days_since_contact is None:
        flags.append(Flag("no_contact", "没有联系记录"))
    elif profile.days_since_contact > thresholds.no_contact_days:
        flags.append(Flag("no_contact", f"{profile.days_since_contact} 天没有联系"))
    ratio = profile.loss_ratio_12m
    if ratio is not None and ratio >= thresholds.heavy_loss_ratio:
        flags.append(Flag("heavy_loss", f"近12个月亏损 {_percent(ratio)}"))
    average = profile.branch_average_rate
    if average and profile.commission_rate >= average * thresholds.rate_above_branch:
        multiple = (profile.commission_rate / average).quantize(Decimal("0.1"), ROUND_HALF_UP)
        flags.append(Flag("rate_above_branch", f"佣金是营业部平均的 {multiple} 倍"))
    if not profile.positions:
        flags.append(Flag("no_position", "空仓"))
    if not profile.id_doc_valid:
        flags.append(Flag("id_doc_expired", f"身份证件已于 {profile.id_doc_valid_until.isoformat()} 过期"))
    elif (profile.id_doc_valid_until - today).days <= thresholds.id_doc_warn_days:
        flags.append(Flag("id_doc_expiring", f"身份证件 {profile.id_doc_valid_until.isoformat()} 到期"))
    return tuple(flags)


def full_years(start: date, end: date) -> int:
    """Completed years between two days; 0 when `end` is earlier than the first anniversary."""
    return max(0, end.year - start.year - ((end.month, end.day) < (start.month, start.day)))


def _percent(fraction: Decimal) -> str:
    return f"{(fraction * 100).quantize(Decimal(1), ROUND_HALF_UP)}%"
