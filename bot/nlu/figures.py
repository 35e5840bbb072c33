"""All figures and names of a text at once: `find_figures`."""

from __future__ import annotations

import dataclasses
import re
from datetime import date

from bot.nlu.amounts import NO_SUM, find_amounts
from bot.nlu.brokers import BrokerTable, find_brokers
from bot.nlu.dates import find_dates
from bot.nlu.figure import Figure
from bot.nlu.floors import find_floors
from bot.nlu.opaque import blank, opaque_spans
from bot.nlu.people import find_bare_tails, find_client_numbers, find_names, find_openers, find_phone_tails
from bot.nlu.rates import find_rates
from bot.nlu.ratios import find_ratios
from bot.nlu.text import normalise

__all__ = ["Figure", "find_figures"]

# Where two readings of the same length compete, the one that needs more around it to be right wins.
_RANK = {
    name: rank
    for rank, name in enumerate(
        (
            "phone_tail",
            "client_no",
            "min_fee",
            "commission_rate",
            "loss_ratio",
            "date",
            "client_name",
            "broker",
            "amount",
        )
    )
}

_SMALL_SUM = 10_000
_OF_FEES = re.compile(
    r"佣|手续费|费率|万分之|千分之|[万千][\d一二三四五六七八九](?:点|\.)|最低(?:五|5)块|免[五5]|差多少"
)


def find_figures(
    text: str, today: date | None = None, brokers: BrokerTable | None = None, doubtful: bool = False
) -> list[Figure]:
    """Everything countable or nameable in what was typed or said, in order, never overlapping.

    Args:
        text: as typed; spans refer to it.
        today: what relative dates start from; by default today in Shanghai.
        brokers: names of other brokers; by default the table of this installation.
        doubtful: also numbers that no word makes money, as amounts with the role `amounts.NO_SUM`.

    Returns:
        Figures sorted by place. Of overlapping readings the longest stays, then the most specific. Our own
        house is never returned as a broker (see `data/playbook/brokers.yml`).
    """
    plain = normalise(text)
    names = find_names(plain)
    openers = find_openers(plain)
    numbers = [*find_phone_tails(plain), *find_bare_tails(plain, names), *find_client_numbers(plain)]
    numbers += [figure for figure in openers if figure.entity == "phone_tail"]
    dates = find_dates(plain, today)
    opaque = opaque_spans(plain)
    # What is read as a client's number or a day must not be read again as money.
    safe = blank(plain, [*opaque, *((f.start, f.end) for f in (*numbers, *dates))])
    kept_dates = [
        f for f in dates if not any(s < f.end and f.start < e for s, e in opaque if e - s > f.end - f.start)
    ]
    numbers = [
        f
        for f in numbers
        if not any((s <= f.start and f.end < e) or (s < f.start and f.end <= e) for s, e in opaque)
    ]
    floors = find_floors(safe)
    # 免五万一点五: the five is the minimum's, not the amount's.
    rest = blank(safe, [(f.start, f.end) for f in floors if safe[f.end : f.end + 1] in ("万", "千")])
    candidates = [
        *numbers,
        *kept_dates,
        *floors,
        *find_rates(rest),
        *find_ratios(rest),
        *find_amounts(rest, doubtful),
        *names,
        *(figure for figure in openers if figure.entity == "client_name"),
        *find_brokers(plain, brokers),
    ]
    of_fees = _OF_FEES.search(plain) is not None
    resolved = [_as_fee(figure) if of_fees else figure for figure in _resolve(candidates)]
    return [_as_typed(text, figure) for figure in resolved]


def _as_fee(figure: Figure) -> Figure:
    """A small sum nobody names, where commissions are spoken of, is one: 「万二点五，一年两百万要五百块」."""
    if figure.entity != "amount" or figure.role != "other" or isinstance(figure.value, str):
        return figure
    return dataclasses.replace(figure, role="fee") if figure.value < _SMALL_SUM else figure


def _resolve(candidates: list[Figure]) -> list[Figure]:
    """Drop the shorter and vaguer of any two that overlap."""
    order = sorted(
        candidates, key=lambda f: (f.role == NO_SUM, f.start - f.end, _RANK[f.entity], -f.confidence)
    )
    taken: dict[int, bool] = {}
    kept = []
    for figure in order:
        span = range(figure.start, figure.end)
        if any(index in taken for index in span):
            continue
        taken.update(dict.fromkeys(span, True))
        kept.append(figure)
    return sorted(kept, key=lambda f: f.start)


def _as_typed(text: str, figure: Figure) -> Figure:
    """Give back the characters as typed; a name's value is those characters too."""
    typed = text[figure.start : figure.end]
    value = typed if figure.entity == "client_name" else figure.value
    return dataclasses.replace(figure, text=typed, value=value)
