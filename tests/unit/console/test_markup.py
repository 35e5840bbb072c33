"""Cards, panel and playbook as HTML: complete, and nothing from outside is markup."""

from __future__ import annotations

from datetime import date, datetime, timezone

import pytest

from bot.console.cards import entry_html
from bot.console.panel import panel_html
from bot.console.playbook_page import page_html
from bot.console.session import safe_path
from bot.console.transcript import Entry, Scene
from bot.playbook.book import playbook
from bot.playbook.placeholders import placeholders_in

AT = datetime(2026, 11, 20, tzinfo=timezone.utc)
EVIL = '<img src=x onerror="alert(1)">'

SIDE = {"rate_text": EVIL, "yearly": "250", "floor_part": "10"}
ROWS = [[EVIL] * 4, [EVIL] * 4]
COMMISSION = {
    "type": "commission",
    "ours": SIDE,
    "theirs": SIDE,
    "rows": ROWS,
    "notes": [EVIL],
    "basis_text": EVIL,
}
CLAIM = {"text": EVIL, "as_of": EVIL, "source": EVIL}
STEP = {
    "type": "step", "step": 1, "of": 2, "titles": [EVIL, EVIL], "title": EVIL, "case_title": EVIL, "say": EVIL,
    "tip": EVIL, "forbidden": EVIL, "source": EVIL, "wording": 1, "wordings": 2,
}  # fmt: skip
ITEM = {"id": "x", "text": EVIL, "done": None, "source": EVIL}
EXIT = {
    "type": "outcome", "state": "processing", "say": EVIL, "tip": EVIL, "checklist": [ITEM], "source": EVIL,
    "filed_on": "2026-11-20", "due_on": "2026-11-24", "fee_note": EVIL,
}  # fmt: skip
OUTCOME = {"type": "outcome", "title": EVIL, "topic": EVIL, "say": EVIL, "tip": EVIL, "closing": EVIL, "minutes": EVIL, "follow_up_on": "2026-11-24"}  # fmt: skip
CARDS = [
    STEP,
    EXIT,
    {**OUTCOME, "state": "proposed"},
    {**OUTCOME, "state": "recorded"},
    COMMISSION,
    {"type": "client", "salutation": EVIL, "client_no": EVIL, "flags": [{"id": "x", "text": EVIL}]},
    {"type": "client", "only_look": True},
    {"type": "reasons", "reasons": [{"id": "x", "title": EVIL, "probability": 0.94, "evidence": EVIL}]},
    {"type": "choices", "question": EVIL},
    *(
        {"type": "alert", "kind": kind, "text": EVIL}
        for kind in ("notice", "hint", "law", "error", "why", EVIL)
    ),
    {"type": "reaction", "title": EVIL, "say": EVIL, "tip": EVIL},
    {"type": "toolbox", "title": EVIL, "say": [CLAIM], "history": [CLAIM]},
    {"type": "toolbox", "title": EVIL, "say": [], "history": []},
    {"type": "objection", "title": EVIL, "say": EVIL, "tip": EVIL, "forbidden": EVIL, "source": EVIL},
    {"type": "research", "title": EVIL, "findings": [CLAIM], "meaning": EVIL},
    {"type": "something new"},
]


@pytest.mark.parametrize("card", CARDS, ids=lambda card: str(card["type"]))
def test_no_card_lets_markup_through(card) -> None:
    html = entry_html(Entry(1, AT, "assistant", EVIL, card=card))
    assert html
    assert "<img" not in html
    if card["type"] in ("step", "outcome", "reaction"):
        assert "<img" not in panel_html(Scene(focus=card, step=STEP, commission=COMMISSION))


@pytest.mark.parametrize("text", [EVIL, EVIL * 100])
def test_what_the_advisor_types_is_text(text) -> None:
    assert "<img" not in entry_html(Entry(1, AT, "advisor", text))
    assert "<img" not in entry_html(Entry(1, AT, "note", text))


def test_the_panel_tells_step_track_and_law() -> None:
    card = {**STEP, "say": "请坐。", "titles": ["认可", "测算"], "forbidden": "不许诺费率"}
    html = panel_html(Scene(focus=card, step=card))
    assert "第 1 步 / 共 2 步" in html
    assert "请坐。" in html
    assert '<li class="now">认可</li>' in html
    assert "不许诺费率" in html


def test_the_playbook_page_has_every_sentence() -> None:
    html = page_html(date(2026, 11, 20))
    book = playbook()
    for place, sentence in book.sentences():
        if (
            not placeholders_in(sentence)
            and "reasons" not in place
            and "hints" not in place
            and place != "exit"
        ):
            assert sentence in html, place
    assert "〔称呼〕" in html
    assert "{称呼}" not in html


@pytest.mark.parametrize(
    ("path", "safe"),
    [
        ("/visit/3", "/visit/3"),
        (None, "/"),
        ("", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("/\nSet-Cookie: x", "/"),
        ("/login", "/"),
    ],
)
def test_after_the_log_in_one_stays_here(path, safe) -> None:
    assert safe_path(path) == safe
