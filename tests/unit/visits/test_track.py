"""Which wording is said: only what is known, one apology a visit, the same words after a reload."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.playbook.book import Playbook, playbook
from bot.playbook.placeholders import FIGURES, NAMES, placeholders_in
from bot.playbook.schema import ASKABLE, REASONS, TRIAL_WEEK, Step, apologises
from bot.visits import walk
from bot.visits.figures import figures
from bot.visits.state import WalkState
from bot.visits.track import choose, eligible
from tests.conftest import DEMO_ANCHOR

NOTHING: frozenset[str] = frozenset()
CONDITIONS = ("floor_binds", "floor_free", "large_account", "small_account")
STEPS = [
    (case, n) for case in (*REASONS, TRIAL_WEEK) for n in range(1, len(playbook().cases[case].steps) + 1)
]
#: the apology step goes round differently: its apology is read once and then passed over
UNAPOLOGETIC = [(case, n) for case, n in STEPS if playbook().cases[case].steps[n - 1].technique != "apology"]
WITHOUT_CLIENT = figures(playbook(), DEMO_ANCHOR)
EVERYTHING = {name: f"〔{name}〕" for name in (*FIGURES, *NAMES)}


def step_of(case: str, number: int) -> Step:
    return playbook().cases[case].steps[number - 1]


def at(case: str, number: int) -> WalkState:
    return WalkState(reason=None if case == TRIAL_WEEK else case, case=case, step=number)


@pytest.mark.parametrize(("case", "number"), UNAPOLOGETIC)
def test_without_a_client_only_sentences_that_need_none(case: str, number: int) -> None:
    step, state, said = step_of(case, number), at(case, number), set()
    _, _, of = choose(step, state, WITHOUT_CLIENT, NOTHING)
    for _ in range(of):
        say, _, _ = choose(step, state, WITHOUT_CLIENT, NOTHING, another=True)
        said.add(say)
        wording = step.wordings[state.wordings[state.place]]
        assert wording.when == "always"
        assert placeholders_in(wording.say) <= WITHOUT_CLIENT.keys()
        assert "{" not in say
    assert len(said) == of >= 1


@pytest.mark.parametrize(("case", "number"), UNAPOLOGETIC)
@pytest.mark.parametrize(
    "holds", [NOTHING, frozenset(["floor_binds", "small_account"]), frozenset(CONDITIONS)]
)
def test_another_wording_goes_round_all_that_fit(case: str, number: int, holds: frozenset[str]) -> None:
    step, state = step_of(case, number), at(case, number)
    first = choose(step, state, EVERYTHING, holds)
    numbers = [first[1]]
    for _ in range(first[2] - 1):
        numbers.append(choose(step, state, EVERYTHING, holds, another=True)[1])
    assert numbers == list(range(1, first[2] + 1))
    assert choose(step, state, EVERYTHING, holds, another=True) == first
    fit = [w for w in step.wordings if not w.asks and (w.when == "always" or w.when in holds)]
    assert first[2] == len(fit)


@pytest.mark.parametrize(("case", "number"), STEPS)
def test_a_reload_reads_the_same_words(case: str, number: int) -> None:
    step, state = step_of(case, number), at(case, number)
    choose(step, state, EVERYTHING, NOTHING)
    said = choose(step, state, EVERYTHING, NOTHING, another=True)
    stored = WalkState.from_json(state.to_json())
    assert choose(step, stored, EVERYTHING, NOTHING) == said


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_condition_opens_its_wordings_and_shuts_the_others(book: Playbook, condition: str) -> None:
    narrowed = [
        step
        for case in book.cases.values()
        for step in case.steps
        if any(w.when != "always" for w in step.wordings)
    ]
    seen = 0
    for step in narrowed:
        allowed = [step.wordings[i].when for i in eligible(step, EVERYTHING, frozenset([condition]), False)]
        assert set(allowed) <= {"always", condition}
        fitting = sum(w.when == condition and not w.asks for w in step.wordings)
        assert allowed[:fitting] == [condition] * fitting  # what fits this client goes first
        seen += fitting
    assert seen > 0


def test_more_of_his_own_figures_go_first() -> None:
    step = step_of("commission_competition", 2)
    order = eligible(step, EVERYTHING, NOTHING, False)
    counts = [len(placeholders_in(step.wordings[i].say)) for i in order]
    assert counts == sorted(counts, reverse=True)


@pytest.mark.parametrize("missing", ["相差", "对方费率", "现佣金"])
def test_a_missing_figure_shuts_each_sentence_that_names_it(book: Playbook, missing: str) -> None:
    known = {name: value for name, value in EVERYTHING.items() if name != missing}
    for case in book.cases.values():
        for step in case.steps:
            for index in eligible(step, known, frozenset(CONDITIONS), False):
                assert missing not in placeholders_in(step.wordings[index].say)


def test_figures_that_come_up_later_are_used_at_the_next_step() -> None:
    state = at("commission_competition", 1)
    choose(step_of("commission_competition", 1), state, WITHOUT_CLIENT, NOTHING)
    state.step = 2
    say, _, _ = choose(step_of("commission_competition", 2), state, EVERYTHING, NOTHING)
    assert "〔相差〕" in say


def test_a_wording_that_no_longer_fits_is_replaced() -> None:
    state = at("commission_competition", 2)
    choose(step_of("commission_competition", 2), state, EVERYTHING, NOTHING)
    say, number, _ = choose(step_of("commission_competition", 2), state, WITHOUT_CLIENT, NOTHING)
    assert number == 1
    assert "〔" not in say


def test_the_apology_step_apologises_first(book: Playbook) -> None:
    for case, number in STEPS:
        step = step_of(case, number)
        if step.technique == "apology":
            say, _, _ = choose(step, at(case, number), WITHOUT_CLIENT, NOTHING)
            assert apologises(say)


def test_going_back_to_the_apology_reads_the_same_words() -> None:
    state = at("service_dissatisfaction", 1)
    first = choose(step_of("service_dissatisfaction", 1), state, EVERYTHING, NOTHING)
    state.step = 2
    choose(step_of("service_dissatisfaction", 2), state, EVERYTHING, NOTHING)
    state.step = 1
    assert choose(step_of("service_dissatisfaction", 1), state, EVERYTHING, NOTHING) == first


def test_another_case_does_not_apologise_again() -> None:
    state = at("service_dissatisfaction", 1)
    choose(step_of("service_dissatisfaction", 1), state, EVERYTHING, NOTHING)
    state.case, state.step = "heavy_loss", 2
    for _ in range(6):
        say, _, of = choose(step_of("heavy_loss", 2), state, EVERYTHING, NOTHING, another=True)
        assert not apologises(say)
    assert of == 2


@pytest.mark.parametrize("case", ["service_dissatisfaction", "heavy_loss"])
def test_another_wording_of_the_apology_does_not_apologise_again(case: str) -> None:
    number = next(n for n, s in enumerate(playbook().cases[case].steps, 1) if s.technique == "apology")
    state = at(case, number)
    first, _, _ = choose(step_of(case, number), state, EVERYTHING, NOTHING)
    second, _, _ = choose(step_of(case, number), state, EVERYTHING, NOTHING, another=True)
    assert apologises(first)
    assert not apologises(second)


@pytest.mark.parametrize("case", ["service_dissatisfaction", "heavy_loss"])
def test_the_rounds_of_the_apology_step_pass_the_apology_over(case: str) -> None:
    number = next(n for n, s in enumerate(playbook().cases[case].steps, 1) if s.technique == "apology")
    step, state = step_of(case, number), at(case, number)
    _, _, of = choose(step, state, EVERYTHING, NOTHING)
    numbers = [choose(step, state, EVERYTHING, NOTHING, another=True)[1] for _ in range(2 * (of - 1))]
    assert numbers == [*range(2, of + 1), *range(2, of + 1)]


def test_a_word_of_another_step_can_always_be_said_after_the_apology() -> None:
    for case, number in STEPS:
        assert eligible(step_of(case, number), WITHOUT_CLIENT, NOTHING, True)


@given(
    st.lists(st.sampled_from(["forward", "back", "another", "reload", *REASONS]), max_size=30),
    st.sets(st.sampled_from(sorted(FIGURES))),
    st.sets(st.sampled_from(CONDITIONS)),
)
@settings(max_examples=250, deadline=None)
def test_no_walk_apologises_at_two_places(moves: list[str], unknown: set[str], holds: set[str]) -> None:
    book = playbook()
    known = {
        name: value for name, value in EVERYTHING.items() if name not in unknown or name in WITHOUT_CLIENT
    }
    state, apologised = WalkState(), set()
    for move in moves:
        if move == "forward":
            walk.forward(state, book)
        elif move == "back":
            walk.back(state, book)
        elif move in REASONS:
            walk.start(state, move)
        elif move == "reload":
            state = WalkState.from_json(state.to_json())
        step = walk.present_step(state, book)
        if step is None:
            continue
        say, number, of = choose(step, state, known, frozenset(holds), another=move == "another")
        assert 1 <= number <= of
        assert "{" not in say
        if apologises(say):
            apologised.add(state.place)
    assert len(apologised) <= 1


@pytest.mark.parametrize(("case", "number"), STEPS)
@pytest.mark.parametrize("known", ASKABLE)
def test_nobody_asks_for_a_figure_that_is_known(case: str, number: int, known: str) -> None:
    step = step_of(case, number)
    told = eligible(step, {**WITHOUT_CLIENT, known: "〔〕"}, NOTHING, True)
    assert told
    assert not any(known in step.wordings[i].asks for i in told)
    asked = {i for i, w in enumerate(step.wordings) if known in w.asks and w.when == "always"}
    untold = {name: text for name, text in EVERYTHING.items() if name not in ASKABLE}
    without_figures = {i for i in asked if not placeholders_in(step.wordings[i].say) - untold.keys()}
    assert without_figures <= set(eligible(step, untold, NOTHING, False))


def test_every_sentence_that_asks_for_a_rate_says_so(book: Playbook) -> None:
    """A question for the rival's rate or the turnover is marked, so that it can be left out."""
    question = re.compile("对方报(的是)?多少|报多少|觉得多少合适|一年大概做(多少|几)笔")
    for case in book.cases.values():
        for step in case.steps:
            for wording in step.wordings:
                assert bool(wording.asks) >= bool(question.search(wording.say)), wording.say
