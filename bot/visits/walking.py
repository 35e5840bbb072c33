"""What the walking action does with each reaction and command."""

from __future__ import annotations

from collections.abc import Sequence

from bot.learning.noting import note, suggest
from bot.visits import cards, walk
from bot.visits.answering import answer_client
from bot.visits.hints import hint_once
from bot.visits.identify import identify, note_figures
from bot.visits.lawful import warn_of_offence
from bot.visits.leaving import process_closing
from bot.visits.messages import Button
from bot.visits.outcome import propose
from bot.visits.talk import Talk
from bot.visits.walk import Landing

REASON_PREFIX = "reason_"
#: a new rate within these is a new sum to work out, not another reason
ABOUT_COMMISSION = frozenset({"commission_competition", "commission_cut_demand"})
#: words that mean little beside a client's name
SMALL_WORDS = frozenset(
    {"deny", "affirm", "switch_reason", "keep_reason", "resume_first", "client_hesitates"}
)
#: any other move lets an offered switch lapse: a later 「好」 must not be taken for its answer
ANSWERS_TO_OFFER = frozenset({"switch_reason", "keep_reason", "affirm", "deny"})


def walk_case(talk: Talk) -> None:
    """Move the walk by what was typed, and show where it stands now."""
    if warn_of_offence(talk):
        return
    named = identify(talk)
    intent = talk.turn.intent
    if named and intent in SMALL_WORDS:
        return  # 「不是王先生 是陈先生1128」 names another client; it answers nothing and moves nothing
    if intent.startswith(REASON_PREFIX):
        hear_reason(talk)
    elif intent == "choose_reason":
        _learn(talk, _chosen(talk))
        begin(talk, _chosen(talk), instead=walk.must_leave(talk.state, talk.playbook))
    else:
        note_figures(talk)
        if intent not in ANSWERS_TO_OFFER:
            talk.state.offered = None
        MOVES[intent](talk)


#: A second reason this likely stands beside the first; a less likely one is its rival, or none.
BESIDE = 0.3
#: From this probability on a reason behind a text that states none is worth a question.
PLAUSIBLE = 0.1


def plausible(ranking: Sequence[tuple[str, float]]) -> bool:
    """Whether any reason is likely enough to be asked about."""
    return any(probability >= PLAUSIBLE for _, probability in ranking)


def hear_reason(talk: Talk) -> None:
    """A leaving reason was heard: begin its case, go on with it, or offer to switch to it."""
    limits, turn, state = talk.playbook.thresholds, talk.turn, talk.state
    new_figures = note_figures(talk)
    on_offer, state.offered = state.offered, None
    heard = [one for place, one in enumerate(turn.reasons) if place == 0 or one[1] >= BESIDE]
    ranking = list(turn.ranking) or [(reason, probability) for reason, probability, _ in turn.reasons]
    if turn.pressed and not heard:  # a button or a program names the reason outright
        state.reading, state.heard_words = None, ""
        begin(talk, turn.intent.removeprefix(REASON_PREFIX))
        return
    # Of two reasons stated together neither is likely alone: their chances count as one.
    stated = {reason for reason, _, _ in heard}
    certainty = sum(probability for reason, probability in ranking if reason in stated)
    rival = next((p for reason, p in ranking if reason not in stated), 0.0)
    if not heard and not plausible(ranking):
        talk.say("out_of_scope")
        return
    if certainty < limits.sure_probability or certainty - rival < limits.sure_margin:
        ask_which(talk, ranking)
        return
    for reason, probability, _ in heard:
        state.heard[reason] = max(probability, state.heard.get(reason, 0.0))
    top = heard[0][0]
    talk.messages.append(cards.heard_card(talk.playbook, heard))
    state.reading = None
    if not state.walking or state.reason is None or top == on_offer:
        state.heard_words = turn.text
        begin(talk, top)
    elif new_figures and {top, state.reason} <= ABOUT_COMMISSION:
        talk.show_step()
        talk.show_commission_once()
    elif top != state.reason:
        offer_switch(talk, top)
    elif new_figures:
        talk.show_step()
    else:
        _hesitates(talk)
    others = [reason for reason, _, _ in heard[1:] if reason not in (state.reason, state.offered)]
    if others and state.offered is None:
        offer_switch(talk, others[0])


def begin(talk: Talk, reason: str, instead: bool = False) -> None:
    """Open (or reopen) the case of a reason; `instead` of one that the advisor says was mistaken."""
    if reason not in talk.playbook.reasons:
        if talk.state.walking:
            talk.say("nothing_offered")
        else:
            talk.say("ask_reason", buttons=(cards.EXIT_BUTTON,))
        return
    if reason == "relocation" and not talk.turn.pressed:
        talk.state.whereabouts = talk.turn.text
    talk.state.heard.setdefault(reason, 1.0)
    (walk.correct if instead else walk.start)(talk.state, reason)
    talk.show_step()
    hint_once(talk)


def ask_which(talk: Talk, ranking: list[tuple[str, float]]) -> None:
    """Unsure: the three likeliest reasons as buttons, never a silent guess."""
    options: list[tuple[Button, float | None]] = [
        (Button.of(talk.playbook.reason_title(reason), "choose_reason", reason=reason), probability)
        for reason, probability in ranking[:3]
    ]
    questions = [
        talk.playbook.reasons[first].neighbours.get(second)
        for first, _ in ranking[:3]
        for second, _ in ranking[:3]
        if first != second
    ]
    question = talk.playbook.messages["unsure_reason"]
    tell_apart = next((q for q in questions if q), None)
    if tell_apart:
        question += f"分不清就问：「{tell_apart}」"
    talk.messages.append(cards.choices_card(question, options, "reason"))
    talk.state.reading = _noted(talk, "unsure", talk.turn.text, ranking)


def _noted(talk: Talk, kind: str, text: str, read: list[tuple[str, float]]) -> int:
    client = talk.client
    known = (client.name, client.client_no, client.phone_tail) if client else ()
    return note(talk.session, talk.viewer, kind, text, read, known)


def _learn(talk: Talk, reason: str) -> None:
    """What the advisor clicks says what the client's words meant: kept for review."""
    state = talk.state
    if reason not in talk.playbook.reasons:
        return
    if state.reading is None and state.heard_words and state.reason not in (None, reason):
        read = [(str(state.reason), state.heard.get(str(state.reason), 1.0))]
        state.reading = _noted(talk, "corrected", state.heard_words, read)
    if state.reading is not None:
        suggest(talk.session, state.reading, reason)
    state.reading, state.heard_words = None, ""


def _chosen(talk: Talk) -> str:
    """The reason picked, by button or by its name; numbers are read before (`picking`)."""
    named = talk.turn.first("reason")
    if named is not None:
        return str(named)
    titles = {reason.title: reason.id for reason in talk.playbook.reasons.values()}
    return next((titles[title] for title in titles if title in talk.turn.text), "")


def offer_switch(talk: Talk, reason: str) -> None:
    """Another reason surfaced: offer its case; the present walk keeps its place."""
    talk.state.offered, talk.state.offered_words = reason, talk.turn.text
    title = talk.playbook.reason_title(reason)
    options: list[tuple[Button, float | None]] = [
        (Button.of(f"换到{title}", "switch_reason"), talk.state.heard.get(reason)),
        (Button.of("继续当前案例", "keep_reason"), None),
    ]
    talk.messages.append(cards.choices_card(f"还听到一个原因：{title}。要换过去吗？", options, "switch"))


def move(talk: Talk, landing: Landing, bridge: str | None = None) -> None:
    """Show where a move ended."""
    if landing is Landing.NO_CASE:
        talk.say("ask_reason")
    elif landing is Landing.FIRST:
        talk.say("first_step")
        talk.show_step()
    elif landing is Landing.EXIT:
        process_closing(talk)
    else:
        talk.show_step(bridge=_bridge(talk, bridge) if bridge else "")


def _bridge(talk: Talk, reaction: str) -> str:
    bridges = talk.playbook.reactions[reaction].bridges
    return bridges[talk.state.step % len(bridges)]


def _next(talk: Talk) -> None:
    if talk.in_trial_week:
        propose(talk, "trial_week")
    else:
        move(talk, walk.forward(talk.state, talk.playbook))


def _back(talk: Talk) -> None:
    talk.state.processing = False
    move(talk, walk.back(talk.state, talk.playbook))


def _reword(talk: Talk) -> None:
    if walk.present_step(talk.state, talk.playbook) is None:
        talk.say("no_case")
    else:
        talk.show_step(another=True)


def _accepts(talk: Talk) -> None:
    if not talk.state.walking:
        talk.say("ask_reason")
    elif walk.must_leave(talk.state, talk.playbook):
        process_closing(talk)
    else:
        propose(talk, "trial_week" if talk.in_trial_week else "kept")


def _hesitates(talk: Talk) -> None:
    if talk.in_trial_week or walk.at_last_step(talk.state, talk.playbook):
        # Filing the closing of a client who still wavers would push him out.
        propose(talk, "undecided")
    else:
        move(talk, walk.forward(talk.state, talk.playbook), bridge="hesitates")


def _insists(talk: Talk) -> None:
    if not talk.state.walking and talk.state.insisted == 0:
        # 「我要销户」 opens many visits: one open question first, with the exit one click away.
        talk.state.insisted = 1
        talk.say("ask_reason", buttons=(cards.EXIT_BUTTON,))
        return
    move(talk, walk.insist(talk.state, talk.playbook), bridge="insists")


def _angry(talk: Talk) -> None:
    talk.state.angry += 1
    reaction = talk.playbook.reactions["angry"]
    say = reaction.bridges[(talk.state.angry - 1) % len(reaction.bridges)]
    text = f"{reaction.title}\n「{say}」\n提示：{reaction.tip}"
    who = cards.pronoun(talk.client)
    buttons = (
        Button.of(f"{who}平静了，接着说", "keep_reason"),
        Button.of("坚持要走", "client_insists"),
        cards.EXIT_BUTTON,
    )
    talk.messages.append(cards.reaction_card(reaction, say, text, buttons))


def _switch(talk: Talk) -> None:
    if talk.state.offered is None:
        talk.say("no_switch")
    else:
        talk.state.reading, talk.state.heard_words = None, talk.state.offered_words
        begin(talk, talk.state.offered)


def _keep(talk: Talk) -> None:
    talk.state.offered = None
    talk.state.processing = False
    if talk.state.walking:
        talk.show_step()
    else:
        talk.say("ask_reason")


def _resume(talk: Talk) -> None:
    if talk.state.processing and talk.state.walking:
        _keep(talk)  # 「回到话术」, typed instead of pressed
    elif walk.resume(talk.state):
        talk.show_step()
    else:
        talk.say("no_parked")


def _affirm(talk: Talk) -> None:
    if talk.state.offered is not None:
        _switch(talk)
    else:
        _next(talk)


def _deny(talk: Talk) -> None:
    if talk.state.offered is not None:
        _keep(talk)
    else:
        _hesitates(talk)


MOVES = {
    "next_step": _next,
    "previous_step": _back,
    "another_wording": _reword,
    "client_accepts": _accepts,
    "client_hesitates": _hesitates,
    "client_insists": _insists,
    "client_is_angry": _angry,
    "client_asks": answer_client,
    "switch_reason": _switch,
    "keep_reason": _keep,
    "resume_first": _resume,
    "affirm": _affirm,
    "deny": _deny,
    "process_closing": process_closing,
}
