"""The playbook holds the whole deck, in its order, with sources, and breaks no law."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.compliance.screen import find_violations
from bot.playbook.__main__ import main, spoken
from bot.playbook.book import playbook
from bot.playbook.schema import CASES, REASONS

TODAY = date(2026, 11, 22)
DECK = {
    1: ("apology", "brand", "service_product", "dedicated_manager"),
    2: ("empathy", "commission_math", "brand", "service_product", "standard_commission", "bundle_referral"),
    3: ("empathy", "apology", "client_case", "service_product"),
    4: ("empathy", "own_interest", "relationship_care", "favour_redirect"),
    5: ("empathy", "remote_service", "client_case", "internal_transfer"),
    6: ("trial_week",),
    7: ("risk_disclosure", "teach_to_fish", "service_product"),
    8: ("service_product", "commission_math", "standard_commission", "brand"),
}


def test_the_eight_cases_in_the_decks_order() -> None:
    found = {
        case.deck: tuple(s.technique for s in case.steps) for case in playbook().cases.values() if case.deck
    }
    assert found == DECK


def test_every_reason_has_a_case_and_neighbour_questions() -> None:
    assert set(playbook().cases) == set(CASES)
    for reason in playbook().reasons.values():
        assert reason.neighbours, reason.id
        assert set(reason.neighbours) <= set(REASONS) - {reason.id}
        assert all(question.endswith("？") for question in reason.neighbours.values())
        assert "？" in reason.open_question and reason.definition and reason.not_this
    assert sorted(r.number for r in playbook().reasons.values()) == list(range(1, 12))


@pytest.mark.parametrize("name", CASES)
def test_every_step_has_source_tip_and_law(name: str) -> None:
    for step in playbook().cases[name].steps:
        assert step.source.strip() and step.tip.strip() and step.forbidden.strip()
        assert (
            "法" in step.forbidden
            or "令" in step.forbidden
            or "号" in step.forbidden
            or "原则" in step.forbidden
        )


def test_identity_is_a_smooth_exit_of_two_steps() -> None:
    case = playbook().cases["identity"]
    assert case.must_leave and len(case.steps) == 2


def test_toolbox_and_principles_are_complete() -> None:
    kinds = [tool.kind for tool in playbook().toolbox if tool.id != "remote_services"]
    assert (kinds.count("brand"), kinds.count("service"), kinds.count("cooperation")) == (4, 12, 1)
    assert set(playbook().principles) == {1, 2, 3, 4, 5}
    assert "三到五次" in playbook().research.findings[0].text


def test_claims_past_their_date_are_history() -> None:
    for tool in playbook().toolbox:
        usable, history = playbook().claims(tool, TODAY)
        assert usable, tool.id
        for claim in tool.claims:
            assert claim.as_of <= claim.usable_until and claim.source
            assert not claim.usable(claim.usable_until + timedelta(days=1))
            assert claim.usable(claim.usable_until)
            assert claim in (history if claim.as_of.year < 2020 else usable)


def test_no_sentence_breaks_the_law() -> None:
    broken = [(place, found) for place, text in spoken(playbook()) for found in find_violations(text)]
    assert not broken


def test_apologies_stand_only_in_apology_steps() -> None:
    for case in playbook().cases.values():
        for step in case.steps:
            if step.technique != "apology":
                assert not any(w.apologises for w in step.wordings), (case.case, step.title)


def test_the_deck_s_errors_are_not_repeated() -> None:
    for place, text in spoken(playbook()):
        assert "标准佣金3‰" not in text and "规定佣金" not in text, place
        assert not ("交易所" in text and "5元" in text and "不是" not in text), place


def test_the_command_prints_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main() == 0
    said = capsys.readouterr()
    assert said.out.count("\n") == 1 and said.out.startswith("✓") and not said.err
