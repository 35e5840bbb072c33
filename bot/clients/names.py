"""Chinese names as advisors say them: '斤女士', '王总', '欧阳小姐', '陈先生 尾号3021'."""

from __future__ import annotations

from dataclasses import dataclass

_COMPOUND = (
    "欧阳司马上官诸葛东方皇甫尉迟公孙慕容长孙宇文司徒令狐夏侯端木南宫西门独孤轩辕申屠"
    "太史澹台公冶宗政濮阳淳于单于仲孙钟离闻人赫连呼延万俟闾丘百里东郭公羊司空第五"
)
COMPOUND_SURNAMES = frozenset(_COMPOUND[at : at + 2] for at in range(0, len(_COMPOUND), 2))
"""Surnames of two characters."""

_MALE = ("先生", "大哥", "叔叔", "大叔", "大爷", "师傅")
_FEMALE = ("女士", "小姐", "太太", "阿姨", "大姐", "姐")
_EITHER = ("老师", "总", "经理", "老板", "医生")


@dataclass(frozen=True)
class SpokenName:
    """A name as it was said: what remains without the title, and the gender the title tells."""

    name: str
    gender: str | None

    @property
    def is_surname_only(self) -> bool:
        """Whether only a surname was said."""
        return len(self.name) == 1 or self.name in COMPOUND_SURNAMES


def surname_of(name: str) -> str:
    """The surname of a full name; two characters for a compound surname."""
    return name[:2] if name[:2] in COMPOUND_SURNAMES else name[:1]


def salutation_of(name: str, gender: str) -> str:
    """How a client is addressed: surname and 先生 or 女士.

    Args:
        name: The full name.
        gender: 'F' or 'M'.
    """
    return surname_of(name) + ("女士" if gender == "F" else "先生")


def parse_spoken(text: str) -> SpokenName:
    """Take the title off a spoken name; spaces do not matter."""
    name = "".join(text.split())
    for titles, gender in ((_MALE, "M"), (_FEMALE, "F"), (_EITHER, None)):
        for title in titles:
            if name.endswith(title) and len(name) > len(title):
                return SpokenName(name[: -len(title)], gender)
    return SpokenName(name, None)
