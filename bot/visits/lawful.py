"""An advisor who thinks aloud of something the law forbids is told so, with what to say instead."""

from __future__ import annotations

import re

from bot.compliance.rules import techniques, violations
from bot.visits.talk import Talk

#: The advisor speaks of himself or asks what to tell the client; a client's own words are no offence.
_ADVISOR_SPEAKS = re.compile(
    r"(?:跟|和|对|给|告诉)(?:他|她|客户|老人家)(?:说|讲|保证)|我(?:就|能|可以|想|先)?(?:给|帮|替|跟|告诉)(?:他|她|客户)|(?:能不能|可不可以)(?:给|帮|替)(?:他|她|客户)"
)


def warn_of_offence(talk: Talk) -> bool:
    """Warn where the advisor is about to say something unlawful; says whether that was so."""
    if talk.turn.pressed or not talk.turn.violations or not _ADVISOR_SPEAKS.search(talk.turn.text):
        return False
    _warn(talk)
    return True


def check_words(talk: Talk) -> None:
    """The advisor tries a sentence out: whether it may be said, and which techniques it shows."""
    if talk.turn.violations:
        _warn(talk)
        return
    titles = [technique.title for technique, _ in techniques() if technique.id in talk.turn.techniques]
    if titles:
        talk.say("words_fine", 方法="、".join(titles))
    else:
        talk.say("words_plain")


def _warn(talk: Talk) -> None:
    for rule, _ in violations():
        if rule.id in talk.turn.violations:
            talk.say("law", "law", 名称=rule.title, 规则=rule.rule, 换成=rule.instead)
