"""Days named in a talk, as ISO dates."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from bot import clock
from bot.nlu.figure import Figure
from bot.nlu.numerals import digit_string, parse_number

_DAYS = {
    "大前天": -3, "前天": -2, "昨天": -1, "昨日": -1, "今天": 0, "今日": 0, "今儿": 0,
    "明天": 1, "明日": 1, "明儿": 1, "后天": 2, "大后天": 3,
}  # fmt: skip
_N = r"\d{1,2}|[一二两三四五六七八九十]{1,3}"
_Y = r"\d{4}|[零一二三四五六七八九]{4}|\d{2}"
_RELATIVE = re.compile("大前天|大后天|前天|昨天|昨日|今天|今日|今儿|明天|明日|明儿|后天")
_WEEKDAY = re.compile(
    r"(?P<which>下下个?|上上个?|下个?|上个?|这个?|本)?(?:周|星期|"
    r"礼拜)(?P<day>[一二三四五六日天末1-6])(?![\d一二三四五六七八九十年个大])"
)
_SPAN = re.compile(
    rf"(?<![第\d.])(?P<n>{_N}|半)个?(?P<unit>天|日|周|星期|礼拜|月)(?P<way>之后|以后|"
    rf"后(?!天)|之前|以前|前(?!天))"
)
_FULL = re.compile(rf"(?<![\d.])(?P<y>{_Y})年(?P<m>{_N})月(?P<d>{_N})[日号]")
_ISO = re.compile(
    r"(?<![\d.-])(?P<y>(?:19|20)\d{2})(?P<sep>[-/.])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})(?![\d.-])"
)
_MONTH_DAY = re.compile(rf"(?<![\d.年])(?P<m>{_N})月(?P<d>{_N})[日号]")
_THAT_MONTH = re.compile(rf"(?P<which>下个?月|上个?月|这个?月|本月)(?:(?P<d>{_N})[日号]|(?P<end>底|末))")
_MONTH_END = re.compile(r"(?<![年一-鿿]个)(?<![下上本这个\d一二三四五六七八九十])月[底末]")
_DAY = re.compile(
    r"(?<![第\d.a-z#月])(?P<d>[12]?\d|3[01]|[一二]?十[一二三四五六七八九]?|三十一?|"
    r"二十[一二三四五六七八九]|"
    r"[一二三四五六七八九])号(?![楼线门店厅柜窗机院台球文令位召码称房库仓牌令]|\d)"
)
_SPOKEN_NEXT = 7


def find_dates(text: str, today: date | None = None) -> list[Figure]:
    """Dates of a normalised text.

    A day without a year is taken as the occurrence nearest to today; a weekday without 'this' or 'next' as
    the coming one; a bare 'the 28th' as the coming one. Years and durations alone (2015年, 三天) are no
    dates.
    """
    now = today or clock.today()
    found: list[Figure] = []

    def take(
        pattern: re.Pattern[str], read: Callable[[re.Match[str], date], date | None], confidence: float
    ) -> None:
        for match in pattern.finditer(text):
            if any(f.start < match.end() and match.start() < f.end for f in found):
                continue
            try:
                day = read(match, now)
            except (ValueError, OverflowError):
                continue  # 2月30号 is no day
            if day is not None:
                found.append(
                    Figure(
                        "date", match.start(), match.end(), match.group(), day.isoformat(), None, confidence
                    )
                )

    take(_ISO, lambda m, _: date(int(m["y"]), int(m["m"]), int(m["d"])), 0.98)
    take(_FULL, lambda m, _: date(_year(m["y"]), _int(m["m"]), _int(m["d"])), 0.98)
    take(_MONTH_DAY, lambda m, t: _nearest(_int(m["m"]), _int(m["d"]), t), 0.9)
    take(_THAT_MONTH, _that_month, 0.93)
    take(_SPAN, _span, 0.92)
    take(_WEEKDAY, _weekday, 0.92)
    take(_RELATIVE, lambda m, t: t + timedelta(days=_DAYS[m.group()]), 0.97)
    take(_MONTH_END, lambda _, t: _last_day(t.year, t.month), 0.8)
    take(_DAY, _day, 0.7)
    return found


def _int(said: str) -> int:
    value = parse_number(said)
    if value is None or value != value.to_integral_value():
        raise ValueError(said)
    return int(value)


def _year(said: str) -> int:
    year = int(digit_string(said) or said)
    return year if year > 99 else 2000 + year if year < 70 else 1900 + year


def _nearest(month: int, day: int, today: date) -> date:
    options = []
    for year in (today.year - 1, today.year, today.year + 1):
        try:
            options.append(date(year, month, day))
        except ValueError:
            continue  # the 29th of February of a common year
    return min(options, key=lambda option: abs((option - today).days))


def _last_day(year: int, month: int) -> date:
    return _shift(date(year, month, 1), 1) - timedelta(days=1)


def _shift(day: date, months: int) -> date:
    """The same day so many months on, the last of the month where that month is shorter."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    for last in (day.day, 30, 29, 28):
        if last <= day.day:
            try:
                return date(year, month + 1, last)
            except ValueError:
                continue
    raise ValueError(f"{year}-{month + 1}")


def _that_month(match: re.Match[str], today: date) -> date:
    step = {"下": 1, "上": -1}.get(match["which"][0], 0)
    first = _shift(today.replace(day=1), step)
    if match["end"]:
        return _last_day(first.year, first.month)
    return first.replace(day=_int(match["d"]))


def _span(match: re.Match[str], today: date) -> date | None:
    sign = 1 if "后" in match["way"] else -1
    unit = match["unit"]
    has_measure = match.group()[len(match["n"])] == "个"
    if match["n"] == "半":
        return today + timedelta(days=15 * sign) if unit == "月" else None
    count = _int(match["n"])
    if unit == "月":
        # 3月前 is 'before March', three months are 三个月.
        return _shift(today, sign * count) if has_measure else None
    return today + timedelta(days=sign * count * (1 if unit in "天日" else _SPOKEN_NEXT))


def _weekday(match: re.Match[str], today: date) -> date | None:
    index = 5 if match["day"] == "末" else "一二三四五六日".find(match["day"].replace("天", "日"))
    if index < 0:
        index = int(match["day"]) - 1
    monday = today - timedelta(days=today.weekday())
    which = match["which"]
    if which is None:
        coming = monday + timedelta(days=index)
        return coming if coming >= today else coming + timedelta(days=7)
    weeks = which.count("下") - which.count("上")
    return monday + timedelta(days=index, weeks=weeks)


def _day(match: re.Match[str], today: date) -> date:
    day = _int(match["d"])
    for months in range(3):
        first = _shift(today.replace(day=1), months)
        if day <= _last_day(first.year, first.month).day and first.replace(day=day) >= today:
            return first.replace(day=day)
    raise ValueError(match.group())
