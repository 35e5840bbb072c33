"""Answers from the toolbox, to objections, and to 'why this step'."""

from __future__ import annotations

from collections.abc import Sequence

from bot.playbook.schema import Objection, Tool
from bot.visits import cards, walk
from bot.visits.messages import Button
from bot.visits.talk import Talk

MOST_CARDS = 2


def score(text: str, asks: Sequence[str]) -> int:
    """How well a text asks for an item: the length of the longest of its words found in the text."""
    lowered = text.lower()
    return max((len(word) for word in asks if word.lower() in lowered), default=0)


def best(text: str, items: Sequence[Tool | Objection]) -> list[Tool | Objection]:
    """The items a text asks for, best first."""
    scored = [(score(text, item.ask), item) for item in items]
    found = sorted((pair for pair in scored if pair[0]), key=lambda pair: -pair[0])
    return [item for _, item in found]


def show_toolbox(talk: Talk) -> None:
    """The toolbox item asked for, or the whole box as a list of buttons."""
    playbook = talk.playbook
    named = talk.turn.first("tool")
    found: list[Tool | Objection] = [tool for tool in playbook.toolbox if tool.id == named]
    found = found or best(talk.turn.text, playbook.toolbox)
    if not found and score(talk.turn.text, playbook.research.ask):
        talk.messages.append(cards.research_card(playbook.research))
        return
    if not found:
        found = best(talk.turn.text, playbook.objections)
    if not found:
        options: list[tuple[Button, float | None]] = [
            (Button.of(tool.title, "show_toolbox", tool=tool.id), None) for tool in playbook.toolbox
        ]
        talk.messages.append(cards.choices_card("工具箱里有这些，想看哪一个？", options, "toolbox"))
        return
    _show(talk, found)


def answer_if_known(talk: Talk) -> bool:
    """Show the objection or toolbox card the text asks for; says whether there was one."""
    candidates: list[Tool | Objection] = [*talk.playbook.objections, *talk.playbook.toolbox]
    found = best(talk.turn.text, candidates)
    _show(talk, found)
    return bool(found)


def answer_client(talk: Talk) -> None:
    """The client asks or objects: the matching card, or the offer to find out; the walk stays put."""
    if not answer_if_known(talk):
        talk.say("question_noted")


def _show(talk: Talk, found: Sequence[Tool | Objection]) -> None:
    for item in found[:MOST_CARDS]:
        if isinstance(item, Objection):
            talk.messages.append(cards.objection_card(item))
        else:
            usable, history = talk.playbook.claims(item, talk.turn.today)
            talk.messages.append(cards.tool_card(item, usable, history))


def why_this_step(talk: Talk) -> None:
    """The principle behind the present step, what the law forbids here, and where it stands written."""
    step = walk.present_step(talk.state, talk.playbook)
    if step is None:
        talk.say("no_case")
        return
    principle = talk.playbook.principles[step.principle]
    lines = [
        f"为什么走「{step.title}」：{cards.principle_name(principle)}。{principle.meaning}",
        f"这里不能说：{step.forbidden}",
        f"出处：{step.source}",
    ]
    if step.rewording:
        lines.append(f"与原指引的不同：{step.rewording}")
    talk.messages.append(cards.notice("\n".join(lines), "why", cards.reaction_buttons(talk.client)[:1]))
    if step.technique in ("commission_math", "standard_commission"):
        talk.messages.append(cards.research_card(talk.playbook.research))
