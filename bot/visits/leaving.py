"""Processing the closing: open at every step, two trading days, and never a condition of ours."""

from __future__ import annotations

from typing import Any

from bot.clients.profile import ClientProfile
from bot.commission.money import yuan_text
from bot.playbook.placeholders import fill
from bot.playbook.schema import ChecklistItem
from bot.visits import cards, walk
from bot.visits.calendar import trading_day_after
from bot.visits.talk import Talk


def process_closing(talk: Talk) -> None:
    """Show the checklist with what the database already knows, and the last day for finishing."""
    leaving = talk.playbook.exit
    track = leaving.must_leave_say if walk.must_leave(talk.state, talk.playbook) else leaving.say
    items = [_item(item, talk.client) for item in leaving.checklist if _concerns(item, talk.client)]
    talk.state.processing = True
    talk.messages.append(
        cards.exit_card(
            fill(track, talk.figures()),
            leaving.tip,
            leaving.fee_note,
            leaving.source,
            items,
            talk.turn.today,
            trading_day_after(talk.turn.today, leaving.working_days),
            can_go_back=talk.state.walking,
        )
    )


def _concerns(item: ChecklistItem, client: ClientProfile | None) -> bool:
    if client is None:
        return True
    if item.check == "margin" and not client.margin:
        return False
    return not item.markets or bool(set(item.markets) & set(client.markets))


def _item(item: ChecklistItem, client: ClientProfile | None) -> dict[str, Any]:
    """One line of the checklist; `done` is None where only the advisor can tell."""
    done: bool | None = None
    text = item.text
    if client is not None:
        if item.check == "id_doc":
            done = client.id_doc_valid
            text = text if done else "身份证件已过有效期,请客户更新后办理"
        elif item.check == "cash":
            done = client.cash == 0
            text = text if done else f"{yuan_text(client.cash)} 元余额需转出"
        elif item.check == "positions":
            done = not client.positions
            text = text if done else f"还有 {len(client.positions)} 只持仓:{item.text.partition('(')[2].rstrip(')')}"
        elif item.check == "designation":
            done = not client.designated
    return {"id": item.id, "text": text, "done": done, "source": item.source}
