"""Takes out of a text who the client is: nothing that names a person is kept for learning."""

from __future__ import annotations

import re

from bot.nlu.figures import find_figures

_NUMBER, _PERSON = "＊", "某"
_MASKED = {"client_no": _NUMBER, "phone_tail": _NUMBER, "client_name": _PERSON}
#: Phone, account and identity numbers, whole or in groups; amounts and rates are shorter.
_LONG_NUMBER = re.compile(r"\d[\d\- ]{5,}[\dXx]")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+|https?://\S+")


def masked(text: str) -> str:
    """The text without names, client numbers, phones, identity numbers and addresses.

    A name is put as 「某」 and a title after it stays: 「斤女士」 → 「某」, 「陈先生 尾号1128」 → 「某 尾号＊」.
    """
    kept = text
    for figure in reversed(find_figures(text)):
        if figure.entity in _MASKED:
            inner = text[figure.start : figure.end]
            mark = _MASKED[figure.entity]
            replaced = re.sub(r"\d[\d ]*", mark, inner) if figure.entity != "client_name" else mark
            kept = kept[: figure.start] + replaced + kept[figure.end :]
    return _ADDRESS.sub(_NUMBER, _LONG_NUMBER.sub(_NUMBER, kept))
