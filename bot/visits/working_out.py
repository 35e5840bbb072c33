"""The command 'work out the commission'."""

from __future__ import annotations

import re

from bot.visits.identify import identify, note_figures
from bot.visits.talk import Talk

_FIGURE = re.compile(r"\d")


def work_out_commission(talk: Talk) -> None:
    """Show the commission table, or say which figure is missing for it."""
    identify(talk)
    before = len(talk.messages)
    heard = note_figures(talk)
    refused = any(message.card.get("kind") == "error" for message in talk.messages[before:])
    if refused:
        return
    named = talk.turn.first("commission_rate") is not None or talk.turn.first("min_fee") is not None
    if not heard and not named and not talk.turn.entities and _FIGURE.search(talk.turn.text):
        talk.say("rate_needed")  # a figure that could not be read must not be answered with an old table
        return
    if talk.show_commission():
        return
    if talk.state.offered_rate is None and talk.state.offered_min_fee is None:
        talk.say("rate_needed")
    elif talk.client is None and talk.state.own_rate is None and talk.state.named_turnover is not None:
        talk.say("own_rate_needed")
    else:
        talk.say("turnover_needed")
