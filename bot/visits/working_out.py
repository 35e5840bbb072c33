"""The command 'work out the commission'."""

from __future__ import annotations

from bot.visits.identify import identify, note_figures
from bot.visits.talk import Talk


def work_out_commission(talk: Talk) -> None:
    """Show the commission table, or say which figure is missing for it."""
    identify(talk)
    note_figures(talk)
    if talk.show_commission():
        return
    if talk.state.offered_rate is None and talk.state.offered_min_fee is None:
        talk.say("rate_needed")
    elif talk.client is None and talk.state.own_rate is None and talk.state.named_turnover is not None:
        talk.say("own_rate_needed")
    else:
        talk.say("turnover_needed")
