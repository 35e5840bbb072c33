"""Which wording of a step is said, with this client's own figures filled in."""

from __future__ import annotations

from collections.abc import Mapping

from bot.playbook.placeholders import fill, placeholders_in
from bot.playbook.schema import ALWAYS_KNOWN, Step, Wording
from bot.visits.state import WalkState


def fits(
    wording: Wording, figures: Mapping[str, str], conditions: frozenset[str], apology_spent: bool
) -> bool:
    """Whether a wording may be said now.

    It needs every figure it names, none of those it asks for, its condition, and an apology that is still
    unspent: a second apology in one visit does harm (see the field experiment in the research card).
    """
    if placeholders_in(wording.say) - figures.keys() or set(wording.asks) & figures.keys():
        return False
    if wording.when != "always" and wording.when not in conditions:
        return False
    return not (wording.apologises and apology_spent)


def eligible(
    step: Step, figures: Mapping[str, str], conditions: frozenset[str], apology_spent: bool
) -> list[int]:
    """Indexes of the wordings that may be said, best first: the more of his own figures the better."""
    indexes = [i for i, w in enumerate(step.wordings) if fits(w, figures, conditions, apology_spent)]
    return sorted(
        indexes,
        key=lambda i: (
            not (step.technique == "apology" and step.wordings[i].apologises),
            step.wordings[i].when == "always",
            -len(placeholders_in(step.wordings[i].say) - ALWAYS_KNOWN),
            i,
        ),
    )


def _said_and_left(
    step: Step, state: WalkState, figures: Mapping[str, str], conditions: frozenset[str]
) -> list[int]:
    """The wordings of the present step: the apology once said here stays first, no other joins it."""
    indexes = eligible(step, figures, conditions, state.apologised_at is not None)
    return [state.apology, *indexes] if state.apologised_at == state.place else indexes


def choose(
    step: Step,
    state: WalkState,
    figures: Mapping[str, str],
    conditions: frozenset[str],
    another: bool = False,
) -> tuple[str, int, int]:
    """The sentence to say at the present step.

    The choice is kept in the state, so that a reload shows the words the advisor has just read.

    Args:
        step: the step to say.
        state: changed: the wording shown, and the apology if this sentence spends it.
        figures: placeholder → text, for what is known.
        conditions: what holds for this client, such as `floor_binds`.
        another: ask for the next wording instead of the one shown before.

    Returns:
        The sentence, its number (1-based) and how many may be said.
    """
    indexes = _said_and_left(step, state, figures, conditions)
    shown = state.wordings.get(state.place)
    if shown not in indexes:
        index = indexes[0]
    elif another:
        index = indexes[(indexes.index(shown) + 1) % len(indexes)]
        if step.wordings[index].apologises and state.apologised_at == state.place and len(indexes) > 1:
            index = indexes[1]  # round again, but past the apology that was read already
    else:
        index = shown
    state.wordings[state.place] = index
    wording = step.wordings[index]
    if wording.apologises:
        state.apologised_at, state.apology = state.place, index
        indexes = _said_and_left(step, state, figures, conditions)
    return fill(wording.say, figures), indexes.index(index) + 1, len(indexes)
