"""The trade's words behind a speech recogniser's wrong characters: what sounds like one and is no word itself.

「消户」 is no Chinese word and sounds like 销户: so 销户 was said. The terms come from the domain dictionary, the
sounds from pypinyin without tones, and with the pairs that half the country does not tell apart made one.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

import jieba
from pypinyin import Style, lazy_pinyin
from pypinyin.constants import PINYIN_DICT

from bot.nlu.segment import DICTIONARY_FILE, parse_dictionary

_LONGEST, _SHORTEST = 6, 2
#: Terms up to this length sound like ordinary words often enough to want a second look.
_DOUBTFUL = 3
#: As a word of general Chinese this frequent, a stretch is taken for what it says.
_KNOWN_FROM = 3
#: As a part of a longer stretch (客户经历) a word must be this frequent.
_PART_FROM = 100
#: Characters this frequent as words of their own (是, 里, 说) stand for themselves, not for one that sounds alike.
_WORD_FROM = 8_000
_HAN = re.compile(r"[一-鿿]{2,}")
#: zh/z, ch/c, sh/s and final ng/n: one sound in the south and on the telephone.
_MERGED = ((re.compile(r"^(z|c|s)h"), r"\1"), (re.compile(r"(?<=[aei])ng$"), "n"))
_Sounds = tuple[str, ...]


@functools.lru_cache(maxsize=8192)
def sound_of(character: str) -> str:
    """A character's commonest reading, merged; characters without one are their own sound."""
    if ord(character) not in PINYIN_DICT:
        return character
    sound: str = lazy_pinyin(character, style=Style.NORMAL)[0]
    for pattern, merged in _MERGED:
        sound = pattern.sub(merged, sound)
    return sound


@functools.lru_cache(maxsize=1)
def _terms() -> dict[_Sounds, str]:
    """The trade's terms by sound; two terms of one sound cannot be told apart and are left out."""
    found: dict[_Sounds, str] = {}
    shared: set[_Sounds] = set()
    for entry in parse_dictionary(DICTIONARY_FILE.read_text(encoding="utf-8")):
        if _SHORTEST <= len(entry.word) <= _LONGEST and _HAN.fullmatch(entry.word):
            key = tuple(map(sound_of, entry.word))
            if found.setdefault(key, entry.word) != entry.word:
                shared.add(key)
    return {key: word for key, word in found.items() if key not in shared}


@functools.lru_cache(maxsize=1)
def _known() -> dict[str, int]:
    """How often common Chinese words stand in jieba's corpus; without the trade's own."""
    everything = jieba.Tokenizer()
    everything.initialize()
    return {
        word: count
        for word, count in everything.FREQ.items()
        if count >= _KNOWN_FROM and len(word) <= _LONGEST
    }


def misheard(text: str) -> Iterator[tuple[int, int, str]]:
    """Stretches that sound like a term of the trade and mean nothing as written: start, end, the term.

    Args:
        text: in one spelling, without blanks.
    """
    terms, known = _terms(), _known()
    sounds = [sound_of(character) for character in text]
    for run in _HAN.finditer(text):
        at = run.start()
        while at < run.end() - 1:
            size = next(
                (
                    size
                    for size in range(min(_LONGEST, run.end() - at), _SHORTEST - 1, -1)
                    if tuple(sounds[at : at + size]) in terms
                ),
                0,
            )
            if not size:
                at += 1
                continue
            written, term = text[at : at + size], terms[tuple(sounds[at : at + size])]
            if written != term and not _says_something(text, at, term, known):
                yield at, at + size, term
            at += size


def _says_something(text: str, at: int, term: str, known: dict[str, int]) -> bool:
    """Whether what stands in a term's place is ordinary Chinese: as a whole, in part, or across its edges."""
    size = len(term)
    written = text[at : at + size]
    if written in known:
        return True
    wrong = {place for place in range(size) if written[place] != term[place]}
    starts = [place for place in range(size - 1) if known.get(written[place : place + 2], 0) >= _PART_FROM]
    if size > 2 and wrong <= {place for start in starts for place in (start, start + 1)}:
        return True
    if size > _DOUBTFUL:
        return False
    if any(
        is_ != meant and known.get(is_, 0) >= _WORD_FROM for is_, meant in zip(written, term, strict=True)
    ):
        return True
    across = (text[at - 1 : at + 1] if at else "", text[at + size - 1 : at + size + 1])
    return any(len(word) == 2 and word in known for word in across)
