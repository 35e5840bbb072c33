"""Takes out of a text who the client is: nothing that names a person is kept for learning."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.nlu.figures import find_figures
from bot.nlu.people import introduced_name

_NUMBER, _PERSON = "＊", "某"
_MASKED = frozenset({"client_no", "phone_tail"})
_DIGITS = re.compile(r"[\d零〇一二三四五六七八九幺两](?:\s?[\d零〇一二三四五六七八九幺两])*")
#: Phone, account and identity numbers, whole or in groups of three or more; a sum of seven digits goes too, to be safe.
_LONG_NUMBER = re.compile(
    r"\d{7,}[Xx]?|(?<![\d.])(?!(?:19|20)\d\d\D{1,3}(?:19|20)\d\d(?!\d))(?=[\d\-－–—.·\s]{9})\d{3,}(?:[\-－–—.·\s]{1,3}\d{3,})+[Xx]?|[零〇一二三四五六七八九幺两]{7,}"
)
_TAIL = re.compile(r"((?:尾号|尾数|后[四4]位|末[四4]位|后[三3]位)\D{0,3})[\d零〇一二三四五六七八九幺两]{3,6}")
#: Signs of Latin script only: Chinese stands on both sides of an address without a blank.
_ADDRESS = re.compile(
    r"(?<![A-Za-z0-9_.+-])[A-Za-z0-9_.+-]{1,64}@[A-Za-z0-9-]+\.[A-Za-z0-9.]+|https?://[!-~]+"
)
_ACCOUNT = re.compile(r"((?:微信号?|wx|vx|qq|QQ)[:：是]?\s?)[A-Za-z0-9_-]{5,}", re.IGNORECASE)
_RELATIVE = re.compile(
    r"爱人|老婆|老公|媳妇|先生|太太|丈夫|妻子|儿子|女儿|父亲|母亲|女婿|儿媳|亲家|同事|同学|朋友|经理|业务员|叫"
)


def masked(text: str, known: Iterable[str] = ()) -> str:
    """The text without names, client numbers, phones, identity numbers and addresses.

    A name becomes 「某」 together with its title: 「斤女士」 → 「某」; of a number only the digits go: 「陈先生 尾号1128」 →
    「某 尾号＊」.

    Args:
        text: as typed.
        known: what is known of the client in talk: name, number, phone.
    """
    kept = text
    for word in sorted(filter(None, known), key=len, reverse=True):
        if word.isdigit():
            kept = re.sub(rf"(?<!\d){word}(?!\d)", _NUMBER, kept)
        elif len(word) > 1:
            kept = kept.replace(word, _PERSON)
    for figure in reversed(find_figures(kept)):
        inner = kept[figure.start : figure.end]
        if figure.entity == "client_name":
            inner = _PERSON
        elif figure.entity in _MASKED:
            inner = _DIGITS.sub(_NUMBER, inner)
        kept = kept[: figure.start] + inner + kept[figure.end :]
    for pattern in (_ADDRESS, _LONG_NUMBER):
        kept = pattern.sub(_NUMBER, kept)
    for pattern in (_TAIL, _ACCOUNT):
        kept = pattern.sub(rf"\g<1>{_NUMBER}", kept)
    for match in reversed(list(_RELATIVE.finditer(kept))):
        name = introduced_name(kept, match.end())
        if name is not None:
            kept = kept[: name.start] + _PERSON + kept[name.end :]
    return kept
