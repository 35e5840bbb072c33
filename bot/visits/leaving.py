"""Processing the closing: open at every step, two trading days, and never a condition of ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.clients.profile import ClientProfile
from bot.playbook.placeholders import fill
from bot.playbook.schema import ChecklistItem
from bot.visits import cards, walk
from bot.visits.calendar import trading_day_after
from bot.visits.talk import Talk


def process_closing(talk: Talk) -> None:
    """Show the checklist with what the database already knows, and the last day for finishing."""
    leaving = talk.playbook.exit
    track = leaving.must_leave_say if walk.must_leave(talk.state, talk.playbook) else leaving.say
    figures = talk.figures()
    items = [_item(item, talk.client, figures) for item in leaving.checklist if _concerns(item, talk.client)]
    talk.state.processing = True
    talk.messages.append(
        cards.exit_card(
            fill(track, figures),
            leaving.tip,
            leaving.fee_note,
            leaving.source,
            items,
            talk.turn.today,
            trading_day_after(talk.turn.today, leaving.working_days),
            can_go_back=talk.state.walking,
            may_stay=not walk.must_leave(talk.state, talk.playbook),
        )
    )


def _concerns(item: ChecklistItem, client: ClientProfile | None) -> bool:
    if client is None:
        return True
    if item.check == "margin" and not client.margin:
        return False
    return not item.markets or bool(set(item.markets) & set(client.markets))


def _item(item: ChecklistItem, client: ClientProfile | None, figures: Mapping[str, str]) -> dict[str, Any]:
    """One line of the checklist; `done` is None where only the advisor can tell."""
    done = _done(item, client)
    text = fill(item.undone, figures) if done is False and item.undone else item.text
    return {"id": item.id, "text": text, "done": done, "source": item.source}


def _done(item: ChecklistItem, client: ClientProfile | None) -> bool | None:
    if client is None:
        return None
    known = {
        "id_doc": client.id_doc_valid,
        "cash": client.cash == 0,
        "positions": not client.positions,
        "designation": not client.designated,
    }
    return known.get(item.check)
