"""The walk: every move from every state of all twelve cases, and random walks."""

from __future__ import annotations

import copy
import json
from dataclasses import asdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.playbook.book import Playbook, playbook
from bot.playbook.schema import REASONS, TRIAL_WEEK
from bot.visits import walk
from bot.visits.state import WalkState
from bot.visits.walk import Landing

PLACES = [(reason, n) for reason in REASONS for n in range(1, len(playbook().cases[reason].steps) + 1)]
LEAVING = [reason for reason in REASONS if playbook().cases[reason].must_leave]
STAYING = [reason for reason in REASONS if reason not in LEAVING]


def at(reason: str, step: int) -> WalkState:
    return WalkState(reason=reason, case=reason, step=step)


def in_trial(reason: str, step: int) -> WalkState:
    state = at(reason, step)
    assert walk.to_trial_week(state, playbook()) is Landing.STEP
    return state


def place(state: WalkState) -> tuple[str | None, int]:
    return state.case, state.step


def test_only_identity_obliges_to_leave() -> None:
    assert LEAVING == ["identity"]


@pytest.mark.parametrize(("reason", "step"), PLACES)
def test_forward_goes_one_step_then_to_the_last_card(book: Playbook, reason: str, step: int) -> None:
    state = at(reason, step)
    landing = walk.forward(state, book)
    if step < len(book.cases[reason].steps):
        assert (landing, place(state)) == (Landing.STEP, (reason, step + 1))
    elif reason in LEAVING:
        assert (landing, place(state)) == (Landing.EXIT, (reason, step))
    else:
        assert (landing, place(state)) == (Landing.STEP, (TRIAL_WEEK, 1))
        assert state.before_trial == [reason, step]
    assert state.reason == reason


@pytest.mark.parametrize(("reason", "step"), PLACES)
def test_back_goes_one_step_and_stops_at_the_first(book: Playbook, reason: str, step: int) -> None:
    state = at(reason, step)
    landing = walk.back(state, book)
    if step == 1:
        assert (landing, place(state)) == (Landing.FIRST, (reason, 1))
    else:
        assert (landing, place(state)) == (Landing.STEP, (reason, step - 1))


@pytest.mark.parametrize(("reason", "step"), PLACES)
def test_insisting_leads_to_the_trial_week_and_then_out(book: Playbook, reason: str, step: int) -> None:
    state = at(reason, step)
    first = walk.insist(state, book)
    if reason in LEAVING:
        assert (first, place(state)) == (Landing.EXIT, (reason, step))
    else:
        assert (first, place(state)) == (Landing.STEP, (TRIAL_WEEK, 1))
    here = place(state)
    assert walk.insist(state, book) is Landing.EXIT
    assert place(state) == here


@pytest.mark.parametrize(("reason", "step"), [p for p in PLACES if p[0] in STAYING])
def test_moves_in_the_trial_week(book: Playbook, reason: str, step: int) -> None:
    for move in (walk.forward, walk.to_trial_week):
        state = in_trial(reason, step)
        assert move(state, book) is Landing.EXIT
        assert place(state) == (TRIAL_WEEK, 1)
    state = in_trial(reason, step)
    assert walk.back(state, book) is Landing.STEP
    assert (place(state), state.before_trial) == ((reason, step), None)


def test_moves_without_a_case(book: Playbook) -> None:
    assert walk.forward(WalkState(), book) is Landing.NO_CASE
    assert walk.back(WalkState(), book) is Landing.NO_CASE
    assert walk.resume(WalkState()) is False
    assert walk.present_case(WalkState(), book) is None
    assert walk.present_step(WalkState(), book) is None
    state = WalkState()
    assert walk.insist(state, book) is Landing.STEP
    assert (place(state), state.before_trial) == ((TRIAL_WEEK, 1), None)
    assert walk.back(state, book) is Landing.FIRST


@pytest.mark.parametrize("reason", REASONS)
def test_a_case_is_as_long_as_its_steps(book: Playbook, reason: str) -> None:
    state = WalkState()
    assert walk.start(state, reason) is Landing.STEP
    shown = [state.place]
    while walk.forward(state, book) is Landing.STEP:
        shown.append(state.place)
    expected = [f"{reason}:{n}" for n in range(1, len(book.cases[reason].steps) + 1)]
    assert shown == expected + ([] if reason in LEAVING else [f"{TRIAL_WEEK}:1"])


@pytest.mark.parametrize(("reason", "step"), PLACES)
def test_another_reason_parks_the_walk_and_both_come_back(reason: str, step: int) -> None:
    for other in REASONS:
        if reason == other:
            continue
        state = at(reason, step)
        walk.start(state, other)
        assert (place(state), state.parked) == ((other, 1), {reason: step})
        assert walk.resume(state) is True
        assert (place(state), state.reason, state.parked) == ((reason, step), reason, {other: 1})


@pytest.mark.parametrize(("reason", "step"), [p for p in PLACES if p[0] in STAYING])
def test_a_walk_parked_in_the_trial_week_comes_back_before_it(reason: str, step: int) -> None:
    state = in_trial(reason, step)
    other = "other" if reason != "other" else "relocation"
    walk.start(state, other)
    assert state.parked == {reason: step}
    walk.start(state, reason)
    assert (place(state), state.before_trial) == ((reason, step), None)


def test_the_case_parked_last_comes_back_first() -> None:
    state = at("relocation", 2)
    walk.start(state, "heavy_loss")
    walk.start(state, "other")
    assert walk.resume(state)
    assert state.reason == "heavy_loss"


def test_starting_clears_the_offer_and_forgives_the_insisting(book: Playbook) -> None:
    state = at("relocation", 2)
    state.offered = "heavy_loss"
    walk.insist(state, book)
    walk.start(state, "heavy_loss")
    assert (state.offered, state.insisted, state.before_trial) == (None, 0, None)


@pytest.mark.parametrize(("reason", "step"), [("relocation", 3), ("heavy_loss", 4)])
def test_naming_the_present_reason_again_keeps_the_place(reason: str, step: int) -> None:
    state = at(reason, step)
    walk.start(state, reason)
    assert place(state) == (reason, step)


@pytest.mark.parametrize("step", [0, -1, 99])
def test_a_stored_step_out_of_range_shows_nothing(book: Playbook, step: int) -> None:
    assert walk.present_step(at("other", step), book) is None


def test_a_stored_state_of_another_version_is_read() -> None:
    assert WalkState.from_json(None) == WalkState()
    read = WalkState.from_json({"reason": "other", "case": "other", "step": 2, "of_the_future": [1]})
    assert (read.reason, read.step) == ("other", 2)


MOVES = st.lists(
    st.one_of(
        st.sampled_from(["forward", "back", "insist", "trial", "resume"]),
        st.sampled_from([f"start {reason}" for reason in REASONS]),
    ),
    max_size=40,
)


def make(state: WalkState, move: str) -> Landing | bool:
    book = playbook()
    if move.startswith("start "):
        return walk.start(state, move.removeprefix("start "))
    if move == "resume":
        return walk.resume(state)
    step = {
        "forward": walk.forward,
        "back": walk.back,
        "insist": walk.insist,
        "trial": walk.to_trial_week,
    }[move]
    return step(state, book)


@given(MOVES)
@settings(max_examples=300, deadline=None)
def test_whatever_is_done_the_walk_stays_sound(moves: list[str]) -> None:
    book = playbook()
    state = WalkState()
    parked_at: dict[str, int] = {}
    for move in moves:
        before = copy.deepcopy(state)
        landing = make(state, move)
        if state.case is not None:
            assert 1 <= state.step <= len(book.cases[state.case].steps)
            assert walk.present_step(state, book) is not None
        if walk.must_leave(state, book):
            assert state.case != TRIAL_WEEK
        assert state.reason not in state.parked
        assert TRIAL_WEEK not in state.parked
        assert all(1 <= step <= len(book.cases[reason].steps) for reason, step in state.parked.items())
        if move == "insist" and state.insisted >= 2:
            assert landing is Landing.EXIT
            assert place(state) == place(before)
        if landing in (Landing.EXIT, Landing.NO_CASE, Landing.FIRST):
            assert place(state) == place(before)
        for reason, step in state.parked.items():
            if reason not in before.parked:
                parked_at[reason] = step
            assert parked_at[reason] == step
        for reason in before.parked.keys() - state.parked.keys():
            assert place(state) == (reason, parked_at[reason])
        assert WalkState.from_json(json.loads(json.dumps(state.to_json()))) == state


@given(MOVES)
@settings(max_examples=200, deadline=None)
def test_back_undoes_forward_from_anywhere(moves: list[str]) -> None:
    state = WalkState()
    for move in moves:
        make(state, move)
    before = asdict(state)
    book = playbook()
    if walk.forward(state, book) is Landing.STEP:
        assert walk.back(state, book) is Landing.STEP
        assert asdict(state) == before


@given(MOVES, st.integers(0, 12))
@settings(max_examples=200, deadline=None)
def test_going_on_always_ends(moves: list[str], more: int) -> None:
    state = WalkState()
    for move in moves:
        make(state, move)
    book = playbook()
    steps = sum(walk.forward(state, book) is Landing.STEP for _ in range(12 + more))
    longest = max(len(case.steps) for case in book.cases.values())
    assert steps <= longest
    assert walk.forward(state, book) in (Landing.EXIT, Landing.NO_CASE)
