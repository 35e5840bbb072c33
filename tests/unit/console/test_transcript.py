"""What a visit's page shows, from its events."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from bot.console.transcript import OPENING, build
from bot.gateway.reception import Event

AT = datetime(2026, 11, 20, 9, 30, tzinfo=timezone.utc)
NEXT = {"title": "下一步", "payload": "/next_step"}


class Tape:
    """Events in their order."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def add(self, kind: str, payload: dict[str, Any]) -> Tape:
        self.events.append(Event(len(self.events) + 1, AT, kind, payload))
        return self

    def says(self, text: str) -> Tape:
        return self.add("advisor_text", {"text": text})

    def card(self, card: dict[str, Any], *buttons: dict[str, str]) -> Tape:
        return self.add("card", {"text": "…", "custom": card, "buttons": list(buttons)})


def step(number: int, technique: str = "empathy") -> dict[str, Any]:
    return {"type": "step", "step": number, "of": 6, "technique": technique}


def choice(kind: str, *titles: str) -> tuple[dict[str, Any], list[dict[str, str]]]:
    buttons = [{"title": title, "payload": f"/choose_reason{title}"} for title in titles]
    options = [{**button, "probability": 0.4} for button in buttons]
    return {"type": "choices", "kind": kind, "question": "哪一个？", "options": options}, buttons


def test_before_anything_was_said() -> None:
    scene = build([])
    assert (scene.seq, scene.focus, scene.bar) == (0, None, OPENING)


def test_a_press_is_shown_by_the_title_it_had() -> None:
    tape = Tape().card(step(1), {"title": "她平静了，接着说", "payload": "/keep_reason"}).says("/keep_reason")
    tape.card(step(1), {"title": "回到话术", "payload": "/keep_reason"}).says("/keep_reason").says(
        '/x{"a": 1}'
    )
    said = [entry.text for entry in build(tape.events).entries if entry.who == "advisor"]
    assert said == ["她平静了，接着说", "回到话术", "按了一个按钮"]


def test_the_newest_step_is_in_focus_and_fills_the_bar() -> None:
    scene = build(Tape().card(step(1), NEXT).says("/next_step").card(step(2), NEXT).events)
    assert scene.focus == step(2)
    assert [press.title for press in scene.bar] == ["下一步"]
    assert scene.question == ""


def test_a_question_of_the_walk_fills_the_bar_with_its_odds() -> None:
    card, buttons = choice("reason", "服务不满", "大额亏损")
    scene = build(Tape().card(step(1), NEXT).says("不好").card(card, *buttons).events)
    assert [(press.title, press.note) for press in scene.bar] == [("服务不满", "40%"), ("大额亏损", "40%")]
    assert scene.focus == step(1)


def test_a_long_list_stays_in_the_talk_until_something_else_is_said() -> None:
    card, buttons = choice("toolbox", "a", "b")
    tape = Tape().card(step(1), NEXT).says("工具箱").card(card, *buttons)
    scene = build(tape.events)
    assert scene.chips == 3
    assert scene.bar[0].title == "下一步"
    assert build(tape.says("算了").events).chips == 0


def test_an_offered_switch_leaves_the_reactions_their_keys() -> None:
    card, buttons = choice("switch", "换到降佣要求", "继续当前案例")
    scene = build(Tape().says("…").card(step(1), NEXT).card(card, *buttons).card({"type": "alert"}).events)
    assert [press.title for press in scene.bar] == ["下一步"]
    assert scene.chips == 3


def test_the_commission_stays_while_the_price_is_talked_about() -> None:
    price = {"type": "commission"}
    tape = Tape().card(step(2, "commission_math"), NEXT).card(price)
    assert build(tape.events).commission == price
    assert build(tape.card(step(3, "brand"), NEXT).events).commission is None
    assert build(tape.card(step(5, "standard_commission"), NEXT).events).commission == price


def test_notes_are_lines_of_their_own() -> None:
    scene = build(Tape().add("note", {"text": "由 王芳 接着接待"}).events)
    assert [(entry.who, entry.text) for entry in scene.entries] == [("note", "由 王芳 接着接待")]
