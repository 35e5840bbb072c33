"""Takes out of a text who the client is: nothing that names a person is kept for learning."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.nlu.figures import find_figures
from bot.nlu.people import surname_of

_NUMBER, _PERSON = "＊", "某"
_MASKED = frozenset({"client_no", "phone_tail"})
_DIGITS = re.compile(r"[\d零〇一二三四五六七八九幺两](?:\s?[\d零〇一二三四五六七八九幺两])*")
#: Phone, account and identity numbers, whole or in groups; a sum of seven digits goes too, to be safe.
_LONG_NUMBER = re.compile(r"\d[\d\-－–—.·\s]{5,}[\dXx]|[零〇一二三四五六七八九幺两]{7,}")
_TAIL = re.compile(r"((?:尾号|尾数|后[四4]位|末[四4]位|后[三3]位)\D{0,3})[\d零〇一二三四五六七八九幺两]{3,6}")
#: Signs of Latin script only: Chinese stands on both sides of an address without a blank.
_ADDRESS = re.compile(
    r"(?<![A-Za-z0-9_.+-])[A-Za-z0-9_.+-]{1,64}@[A-Za-z0-9-]+\.[A-Za-z0-9.]+|https?://[!-~]+"
)
_ACCOUNT = re.compile(r"((?:微信号?|wx|vx|qq|QQ)[:：是]?\s?)[A-Za-z0-9_-]{5,}", re.IGNORECASE)
_RELATIVE = re.compile(
    r"(?:爱人|老婆|老公|媳妇|先生|太太|丈夫|妻子|儿子|女儿|父亲|母亲|女婿|儿媳|亲家|同事|同学|朋友|经理|业务员|叫)"
    r"(?P<name>[一-鿿]{2,3}?)(?=在|说|要|想|是|也|的|去|给|跟|[，,。；;：:\s]|$)"
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
        if len(word) > 1:
            kept = kept.replace(word, _NUMBER if word.isdigit() else _PERSON)
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
    return _RELATIVE.sub(_without_name, kept)


def _without_name(match: re.Match[str]) -> str:
    if surname_of(match.group("name")) is None:
        return match.group()
    return match.group()[: match.start("name") - match.start()] + _PERSON
