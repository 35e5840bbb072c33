"""The unstated reason: what the client's figures say that he did not."""

from __future__ import annotations

from bot.playbook.placeholders import fill
from bot.playbook.schema import UnstatedHint
from bot.visits import cards
from bot.visits.talk import Talk


def applies(hint: UnstatedHint, talk: Talk) -> bool:
    """Whether the client's figures show the sign of a hint; unknown figures show nothing."""
    client, limits = talk.client, talk.playbook.thresholds
    if client is None:
        return False
    if hint.sign == "no_contact":
        return client.days_since_contact is not None and client.days_since_contact > limits.no_contact_days
    if hint.sign == "heavy_loss":
        return client.loss_ratio_12m is not None and client.loss_ratio_12m >= limits.heavy_loss_ratio
    average = client.branch_average_rate
    return average > 0 and client.commission_rate >= average * limits.rate_above_branch


def hint_once(talk: Talk) -> None:
    """Say once a visit which unstated reason the figures point to, with the question that would tell."""
    if talk.state.hinted or not talk.state.reason:
        return
    if talk.playbook.cases[talk.state.reason].must_leave:
        return
    known = talk.figures()
    for hint in talk.playbook.hints:
        if hint.reason in talk.state.heard or hint.reason == talk.state.reason or not applies(hint, talk):
            continue
        # Asking the price of a client who is already arguing about the price tells nothing.
        if hint.sign == "rate_above_branch" and talk.state.reason == "commission_competition":
            continue
        talk.state.hinted.append(hint.reason)
        title = talk.playbook.reason_title(hint.reason)
        text = f"旁边的可能：{title}（{fill(hint.note, known)}）→ 可以问：「{hint.question}」"
        talk.messages.append(cards.notice(text, "hint"))
        return
