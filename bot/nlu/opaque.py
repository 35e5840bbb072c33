"""Stretches whose digits are no figures of a client's business: phones, papers, codes, years, idioms."""

from __future__ import annotations

import re

Span = tuple[int, int]

_PATTERNS = (
    r"(?<![\da-z])1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)",  # mobile phone
    r"(?<!\d)0\d{2,3}-\d{7,8}(?!\d)",  # land line
    r"(?<!\d)[48]00-?\d{3}-?\d{4}(?!\d)",  # 400 and 800 lines
    r"(?<!\d)\d{17}[\dx](?!\d)",  # identity card
    r"(?<!\d)\d{15,19}(?!\d)",  # old identity card, bank card
    r"(?<![\d.,])95\d{3}(?![\d.,元块万])",  # service lines: 95521, 95555
    r"(?<![\d.,])(?:00[0-3]|30[01]|60[0135]|68[89]|83\d|87\d|43\d|920|51\d|15\d|1[12]3)\d{3}"
    r"(?![\d元块万亿千百w]|\.\d|,\d{3})",  # stock, fund, bond codes
    r"(?:sh|sz|bj)\d{6}",
    r"(?<!\d)(?:19|20)\d{2}(?=年|届|级)年?(?!\d{1,2}月)",  # years
    r"(?<![\d.])[012]\d年(?![后前以多内])(?!\d{1,2}月)",
    r"[零〇一二三四五六七八九]{2,4}年(?=[的以底初开])",
    r"第[\d一二三四五六七八九十百]+",
    r"(?<![\d.])\d{1,4}(?:\.\d{1,3})?\s?[gm](?![a-z])",  # 5G, 100M
    r"\d{1,2}[:：]\d{2}(?!\d)",  # clock
    r"(?:沪深|中证|上证|创业板|科创)[135]?\d{1,4}(?![万亿千%\d])",  # index names
    r"千千万万|万万|成千上万|千方百计|千股|千山|千金|千禾|千里|千古|万科|万达|万向|万华|万德|万得|"
    # 三十万全取, 八万不够: after a number 万 is a number.
    r"(?<![\d一二两三四五六七八九十百千几多.])万(?:无|不|能|事|全|水|分(?!之))|亿纬|亿万|百度|百货|百姓|百分百|百年|百强|七上八下|一五一十|"
    r"乱七八糟|三心二意|三番(?:五|两)次"
    r"|接二连三|五花八门|四面八方|三天两头|一二线|二三线|三四线|一二级|三一重工|五五开|"
    r"一百个(?:不|愿)|百万医疗|千万(?=别|不|不要|要|记得|注意|得|小心|莫|甭|当心|保重|请|"
    r"给|帮|把|让|先|再|还|可|跟|和|留|告诉)",
)
_OPAQUE = re.compile("|".join(f"(?:{pattern})" for pattern in _PATTERNS))


def opaque_spans(text: str) -> list[Span]:
    """Where no figure may be read, in order, in an already normalised text."""
    return [match.span() for match in _OPAQUE.finditer(text)]


def blank(text: str, spans: list[Span]) -> str:
    """The text with those stretches replaced by a sign that no finder knows; the length stays."""
    if not spans:
        return text
    chars = list(text)
    for start, end in spans:
        chars[start:end] = "\x00" * (end - start)
    return "".join(chars)
