"""The figures a talk track may name: what is known of this client, as the words that are read aloud."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from bot.clients.profile import ClientProfile
from bot.commission.compare import Comparison
from bot.commission.money import fen, plain, rate_text, yuan_text
from bot.playbook.book import Playbook
from bot.visits.calendar import chinese_date, trading_day_after

_WAN = Decimal(10_000)
_ONE_TENTH = Decimal("0.1")


def spoken_yuan(amount: Decimal) -> str:
    """An amount as it is read aloud, exact to the fen: 50, 1,284.60, 10万."""
    if amount >= _WAN and amount % 1_000 == 0:
        return f"{plain(amount / _WAN)}万"
    return yuan_text(amount).removesuffix(".00")


def figures(
    playbook: Playbook,
    today: date,
    client: ClientProfile | None = None,
    comparison: Comparison | None = None,
    trades: Sequence[Decimal] = (),
    near_branch: str | None = None,
    advisor: str | None = None,
) -> dict[str, str]:
    """Placeholder → text for everything that is known; unknown figures are absent, never invented."""
    known = dict(playbook.names)
    known["受理日"] = chinese_date(today)
    known["办结日"] = chinese_date(trading_day_after(today, playbook.exit.working_days))
    if advisor:
        known["顾问"] = advisor
    if near_branch:
        known["近处网点"] = near_branch
    if client is not None:
        known["称呼"] = client.salutation
        known["网点"] = client.branch_name
        known["资产"] = spoken_yuan(client.assets)
        if client.commission_rate > 0:  # a client without an account has no rate
            known["现费率"] = rate_text(client.commission_rate)
            known["最低佣金"] = spoken_yuan(client.min_fee)
        if client.tenure_years >= 1:
            known["开户年数"] = str(client.tenure_years)
        if client.trades_12m:
            known["成交额"] = spoken_yuan(client.turnover_12m)
            known["成交笔数"] = str(client.trades_12m)
            known["现佣金"] = spoken_yuan(client.commission_12m)
            known.update(_floor(client, trades))
        # Said only where it is a sign of neglect: nobody apologises for a call two days ago.
        silent = client.days_since_contact
        if silent is not None and silent >= playbook.thresholds.no_contact_days:
            known["未联系天数"] = str(client.days_since_contact)
        if client.loss_ratio_12m and client.loss_ratio_12m >= _ONE_TENTH:
            known["亏损比例"] = f"{(client.loss_ratio_12m * 100).quantize(Decimal(1), ROUND_HALF_UP)}%"
        known["余额"] = yuan_text(client.cash)
        known["持仓数"] = str(len(client.positions))
        if client.positions:
            known["持仓"] = "、".join(position.name for position in client.positions[:2])
    if comparison is not None:
        known["成交额"] = spoken_yuan(comparison.our_cost.turnover)
        known["现费率"] = rate_text(comparison.ours.rate)
        known["对方费率"] = rate_text(comparison.theirs.rate)
        known["现佣金"] = spoken_yuan(comparison.our_cost.total)
        known["对方佣金"] = spoken_yuan(comparison.their_cost.total)
        # A track says 'you would save …': with the other side dearer there is no such sentence.
        if comparison.yearly_difference > 0:
            known["相差"] = spoken_yuan(comparison.yearly_difference)
            known["月相差"] = spoken_yuan(comparison.monthly_difference)
    return known


def _floor(client: ClientProfile, trades: Sequence[Decimal]) -> dict[str, str]:
    """Where the minimum commission binds, if it does."""
    if client.commission_rate <= 0:
        return {}
    size = client.min_fee / client.commission_rate
    bound = sum(1 for amount in trades if amount < size)
    return {"保本笔额": spoken_yuan(fen(size)), "低于起点笔数": str(bound)} if bound else {}
