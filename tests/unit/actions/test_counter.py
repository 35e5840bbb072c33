"""Each action: tracker in, exact messages and events out, on a copy of the demo."""

from __future__ import annotations

import inspect
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa_sdk import Action
from rasa_sdk.executor import ActionExecutor

from actions import base, counter
from actions.base import DeskAction, turn_of
from actions.counter import (
    AnswerBusiness,
    Fallback,
    LookUpClient,
    NewVisit,
    RecordOutcome,
    ShowQueue,
    ShowToolbox,
    SmallTalk,
    Walk,
    WhyThisStep,
    WorkOutCommission,
)
from bot.db.engine import reset_engine
from bot.playbook.book import playbook
from tests.conftest import DEMO_ANCHOR
from tests.unit.actions.conftest import Run, message_of, tracker_of

ROOT = Path(__file__).parents[3]
MESSAGES = playbook().messages
COMMISSION = message_of(
    "斤女士 尾号3021 说别家给0.2% 要撤指定",
    "reason_commission_competition",
    0.91,
    [("commission_competition", 0.91, (11, 17))],
)


def slot(name: str, value: Any) -> dict[str, Any]:
    return {"event": "slot", "timestamp": None, "name": name, "value": value}


def slots(visit: int, **values: Any) -> list[dict[str, Any]]:
    filled = {"client_no": None, "reason": None, "case": None, "step": None, "outcome": None} | values
    return [slot("visit_id", visit), *(slot(name, value) for name, value in filled.items())]


def sent(text: str, custom: dict[str, Any], buttons: list[dict[str, str]]) -> dict[str, Any]:
    """A message as it leaves the action server: one, with all its parts."""
    return {
        "text": text,
        "buttons": buttons,
        "elements": [],
        "custom": custom,
        "template": None,
        "response": None,
        "image": None,
        "attachment": None,
    }


def notice(key: str, kind: str = "notice", buttons: list[dict[str, str]] | None = None) -> dict[str, Any]:
    text = MESSAGES[key]
    return sent(text, {"type": "alert", "kind": kind, "text": text}, buttons or [])


EXIT = [{"title": "直接办理", "payload": "/process_closing"}]
FIRST_VISIT = 15  # fourteen of the demo wait


def test_walk_begins_a_case(run: Run) -> None:
    messages, events = run(Walk(), COMMISSION)
    assert [m["custom"]["type"] for m in messages] == ["client", "reasons", "step", "alert"]
    assert messages[1] == sent(
        "〔佣金竞争 91%〕依据「说别家给0.」",
        {
            "type": "reasons",
            "reasons": [
                {
                    "id": "commission_competition",
                    "title": "佣金竞争",
                    "probability": 0.91,
                    "evidence": "说别家给0.",
                }
            ],
        },
        [],
    )
    step = messages[2]
    assert step["custom"]["say"] in step["text"]
    assert [b["title"] for b in step["buttons"]] == [
        "下一步", "她接受了", "还在犹豫", "坚持要走", "她生气了", "换个说法", "直接办理",
    ]  # fmt: skip
    assert events == slots(
        FIRST_VISIT,
        client_no="20030418",
        reason="commission_competition",
        case="commission_competition",
        step=1.0,
    )


def test_walk_without_a_case(run: Run) -> None:
    messages, events = run(Walk(), message_of("/next_step", "next_step"))
    assert messages == [notice("ask_reason")]
    assert events == slots(FIRST_VISIT)


def test_look_up_client(run: Run) -> None:
    messages, events = run(LookUpClient(), message_of("查客户 20030418", "look_up_client"))
    (message,) = messages
    assert message["custom"]["salutation"] == "斤女士"
    assert message["buttons"] == []
    assert events == slots(FIRST_VISIT, client_no="20030418")
    messages, events = run(LookUpClient(), message_of("查客户 12345678", "look_up_client"), "shop-2")
    assert messages == [notice("client_unknown", "error")]
    assert events == slots(FIRST_VISIT + 1)


def test_work_out_commission(run: Run) -> None:
    messages, _ = run(WorkOutCommission(), message_of("算佣金", "work_out_commission"))
    assert messages == [notice("rate_needed")]
    run(LookUpClient(), message_of("查客户 20030418", "look_up_client"))
    messages, events = run(WorkOutCommission(), message_of("对方0.2%", "work_out_commission"))
    (message,) = messages
    assert message["custom"]["yearly_difference"] == "50.00"
    assert events == slots(FIRST_VISIT, client_no="20030418")


def test_show_toolbox(run: Run) -> None:
    button = message_of(
        '/show_toolbox{"tool":"club"}', "show_toolbox", 1.0, entities=[{"entity": "tool", "value": "club"}]
    )
    messages, events = run(ShowToolbox(), button)
    (message,) = messages
    assert (message["custom"]["type"], message["custom"]["id"]) == ("toolbox", "club")
    assert events == slots(FIRST_VISIT)


def test_why_this_step(run: Run) -> None:
    assert run(WhyThisStep(), message_of("为什么", "why_this_step"))[0] == [notice("no_case")]
    run(Walk(), COMMISSION)
    messages, events = run(WhyThisStep(), message_of("为什么", "why_this_step"))
    (message,) = messages
    assert message["custom"]["kind"] == "why"
    assert message["buttons"] == [{"title": "下一步", "payload": "/next_step"}]
    assert events[4] == slot("step", 1.0)


def test_record_outcome(run: Run) -> None:
    run(Walk(), COMMISSION)
    messages, events = run(RecordOutcome(), message_of("登记留下", "record_outcome"))
    (message,) = messages
    assert {k: message["custom"][k] for k in ("type", "state", "outcome", "follow_up_on", "reason")} == {
        "type": "outcome",
        "state": "recorded",
        "outcome": "kept",
        "follow_up_on": "2026-11-27",
        "reason": "commission_competition",
    }
    assert message["buttons"] == [{"title": "新客户", "payload": "/new_visit"}]
    assert events[-1] == slot("outcome", "kept")


def test_new_visit(run: Run) -> None:
    run(Walk(), COMMISSION)
    messages, events = run(NewVisit(), message_of("/new_visit", "new_visit"))
    assert messages == [notice("previous_undecided"), notice("new_visit")]
    assert events == slots(FIRST_VISIT + 1)


def test_show_queue(run: Run) -> None:
    messages, events = run(ShowQueue(), message_of("谁在等", "show_queue"))
    (message,) = messages
    assert [b["payload"] for b in message["buttons"]] == [
        f'/new_visit{{"visit": "{n}"}}' for n in range(1, 9)
    ]
    assert message["buttons"][1]["title"] == "2 斤秋荷 尾号3021 撤销指定交易"
    assert events == slots(FIRST_VISIT)


def test_answer_business(run: Run) -> None:
    messages, events = run(AnswerBusiness(), message_of("重置一下密码", "business_question"))
    assert messages == [notice("ask_reason", buttons=EXIT)]
    assert events == slots(FIRST_VISIT)


@pytest.mark.parametrize("intent", ["greet", "thank", "goodbye", "help", "out_of_scope"])
def test_small_talk(run: Run, intent: str) -> None:
    assert run(SmallTalk(), message_of("嗯", intent)) == ([notice(intent)], slots(FIRST_VISIT))


def test_what_rasa_made_nothing_of_is_answered_and_taken_back(run: Run) -> None:
    messages, events = run(Fallback(), {"text": "", "intent": {"name": None, "confidence": 0.0}})
    assert messages == [notice("empty")]
    assert events == [{"event": "rewind", "timestamp": None}]


def test_a_fault_is_said_and_sets_no_slot(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reset_engine()
    monkeypatch.setenv("LIUKE_DATABASE_URL", f"sqlite:///{tmp_path / 'bare.db'}")
    assert run(Walk(), COMMISSION) == ([notice("database_down", "error")], [])
    reset_engine()


@pytest.mark.parametrize("message", [None, {}, {"text": None, "intent": None, "entities": None}])
def test_an_empty_message_is_a_turn_without_words(message: dict[str, Any] | None) -> None:
    turn = turn_of(tracker_of(message))
    assert (turn.text, turn.intent, turn.confidence, list(turn.entities)) == ("", "out_of_scope", 0.0, [])
    assert turn.sender_id == "shop-1"


def test_a_turn_is_what_rasa_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "today", lambda: DEMO_ANCHOR)
    turn = turn_of(tracker_of(COMMISSION))
    assert (turn.today, turn.intent, turn.confidence) == (
        date(2026, 11, 20),
        "reason_commission_competition",
        0.91,
    )
    assert list(turn.reasons) == [("commission_competition", 0.91, "说别家给0.")]
    assert list(turn.ranking) == [("commission_competition", 0.91)]
    assert (turn.first("phone_tail"), turn.first("client_name"), turn.all("commission_rate")) == (
        "3021",
        "斤女士",
        [0.002],
    )
    assert not turn.pressed
    assert turn_of(tracker_of(message_of("/next_step", "next_step"))).pressed


def _actions() -> dict[str, type[DeskAction]]:
    classes = [value for value in vars(counter).values() if inspect.isclass(value)]
    actions = [value for value in classes if DeskAction in value.__mro__[1:]]
    return {action().name(): action for action in actions}


def test_the_domain_and_the_rules_name_just_these_actions() -> None:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    ours = set(_actions()) - {"action_default_fallback"}
    assert ours == {name for name in domain["actions"] if name != "action_default_fallback"}
    rules = yaml.safe_load((ROOT / "data" / "stories" / "rules.yml").read_text(encoding="utf-8"))["rules"]
    used = {step["action"] for rule in rules for step in rule["steps"] if "action" in step}
    assert used <= set(_actions())
    mapped = {step["intent"] for rule in rules for step in rule["steps"] if "intent" in step}
    named = {intent if isinstance(intent, str) else next(iter(intent)) for intent in domain["intents"]}
    assert named <= mapped


def test_every_slot_an_action_sets_is_in_the_domain(run: Run) -> None:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    _, events = run(Walk(), COMMISSION)
    assert [event["name"] for event in events] == list(domain["slots"])


def test_the_action_server_finds_them_all() -> None:
    executor = ActionExecutor()
    executor.register_package("actions")
    assert set(_actions()) <= set(executor.actions)
    assert all(issubclass(c, Action) for c in _actions().values())


def test_the_base_cannot_be_run_by_itself() -> None:
    with pytest.raises(TypeError):
        DeskAction()  # type: ignore[abstract]
