"""The deterministic walk through a case: pure moves on a `WalkState`.

Rasa's rules map what the advisor typed to one walking action; what that action may do is written here,
because rules are not meant to hold a state machine.
"""

from __future__ import annotations

from enum import Enum

from bot.playbook.book import Playbook
from bot.playbook.schema import TRIAL_WEEK, Case, Step
from bot.visits.state import WalkState


class Landing(Enum):
    """Where a move ended: what has to be shown next."""

    STEP = "step"
    FIRST = "first"  # 'back' at the very first step
    EXIT = "exit"  # nothing is left to say: process the closing
    NO_CASE = "no_case"


def present_case(state: WalkState, playbook: Playbook) -> Case | None:
    """The case being walked, if any."""
    return playbook.cases[state.case] if state.case else None


def present_step(state: WalkState, playbook: Playbook) -> Step | None:
    """The step being shown, if any."""
    case = present_case(state, playbook)
    return case.steps[state.step - 1] if case and 1 <= state.step <= len(case.steps) else None


def at_last_step(state: WalkState, playbook: Playbook) -> bool:
    """Whether the present step is the last of its case."""
    case = present_case(state, playbook)
    return case is not None and state.step >= len(case.steps)


def must_leave(state: WalkState, playbook: Playbook) -> bool:
    """Whether a rule makes this client leave (a securities employee, say): no persuasion then.

    Securities Law art. 40: staff of securities firms may not hold shares.
    """
    reasons = {state.reason, *state.parked} - {None}
    return any(playbook.cases[str(reason)].must_leave for reason in reasons)


def _park(state: WalkState, unless: str) -> None:
    """Keep where the open walk stands, so that the advisor can come back to it."""
    if not state.walking or not state.reason or state.reason == unless:
        return
    before = state.before_trial if state.case == TRIAL_WEEK else None
    state.parked[state.reason] = int(before[1]) if before else state.step


def correct(state: WalkState, reason: str) -> Landing:
    """Open the case of `reason` in place of one that was chosen by mistake and is forgotten."""
    wrong = state.reason
    landing = start(state, reason)
    if wrong is not None and wrong != reason:
        state.parked.pop(wrong, None)
        state.heard.pop(wrong, None)
    return landing


def start(state: WalkState, reason: str) -> Landing:
    """Open the case of `reason`, parking the one that stood open; a parked case goes on where it stood."""
    if state.walking and state.reason == reason and state.case == reason:
        state.offered = None
        return Landing.STEP
    _park(state, unless=reason)
    state.reason = reason
    state.case = reason
    state.step = state.parked.pop(reason, 1)
    state.offered = None
    state.before_trial = None
    state.insisted = 0
    return Landing.STEP


def forward(state: WalkState, playbook: Playbook) -> Landing:
    """Next step; after the last one the trial week; after that (or where it is barred) the exit."""
    case = present_case(state, playbook)
    if case is None:
        return Landing.NO_CASE
    if state.step < len(case.steps):
        state.step += 1
        return Landing.STEP
    return to_trial_week(state, playbook)


def to_trial_week(state: WalkState, playbook: Playbook) -> Landing:
    """Deck case 6, unless it is already open or the client must leave by law."""
    if state.case == TRIAL_WEEK or must_leave(state, playbook):
        return Landing.EXIT
    state.before_trial = [state.case, state.step] if state.case else None
    state.case = TRIAL_WEEK
    state.step = 1
    return Landing.STEP


def back(state: WalkState, playbook: Playbook) -> Landing:
    """Previous step; from the trial week, where the walk stood before it."""
    if not state.walking:
        return Landing.NO_CASE
    if state.case == TRIAL_WEEK:
        if state.before_trial is None:
            return Landing.FIRST
        state.case, state.step = str(state.before_trial[0]), int(state.before_trial[1])
        state.before_trial = None
        return Landing.STEP
    if state.step <= 1:
        return Landing.FIRST
    state.step -= 1
    return Landing.STEP


def insist(state: WalkState, playbook: Playbook) -> Landing:
    """The client insists on leaving: first the trial week, the second time the exit."""
    state.insisted += 1
    if state.insisted >= 2:
        return Landing.EXIT
    return to_trial_week(state, playbook)


def resume(state: WalkState) -> bool:
    """Go back to the case parked last; False if none is parked."""
    if not state.parked:
        return False
    reason = list(state.parked)[-1]
    step = state.parked.pop(reason)
    _park(state, unless=reason)
    state.reason = state.case = reason
    state.step = step
    state.before_trial = None
    state.offered = None
    return True
