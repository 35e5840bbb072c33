"""Who sits at the counter: by client number, by name and phone tail, or picked from a list."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from bot.clients.finding import ClientBrief
from bot.clients.names import SpokenName, parse_spoken, surname_of
from bot.commission.errors import CommissionError
from bot.commission.money import rate_text
from bot.commission.tariff import Tariff
from bot.nlu.sounds import sound_of
from bot.visits import cards, record
from bot.visits.figures import spoken_yuan
from bot.visits.messages import Button
from bot.visits.talk import Talk

MOST_CANDIDATES = 6


def identify(talk: Talk, by_name_alone: bool = False) -> bool:
    """Find the client the turn names, and remember him for the visit.

    An unknown client is said to be unknown, and the talk goes on without figures; several are listed.

    Args:
        talk: the turn; client, state and messages are changed.
        by_name_alone: whether a bare name is a search (in the look-up command it is, elsewhere a name
            in passing must not open a client's file).

    Returns:
        Whether the turn named a client at all.
    """
    number = talk.turn.first("client_no")
    tail = talk.turn.first("phone_tail")
    name = _name_before_tail(talk) or talk.turn.first("client_name")
    if number:
        brief = talk.book.by_number(str(number))
        found = [brief] if brief else []
    elif name and tail:
        found = talk.book.by_name_and_tail(str(name), str(tail))
    elif tail:
        found = talk.book.by_tail(str(tail))
    elif name and by_name_alone:
        found = talk.book.search(str(name))
    else:
        return False
    if not found:
        talk.say("client_unknown", "error")
    elif len(found) > 1:
        _list(talk, "client_many", "client", _who_waits_first(talk, found))
    else:
        take(talk, found[0].client_id)
    return True


def leave_queue(talk: Talk) -> None:
    """Whoever is served waits no longer, however he was found; a mere look at a file serves nobody."""
    if talk.client is None or not talk.state.walking or talk.visit.queue_no is not None:
        return
    for entry in talk.book.queue():
        if entry.client is not None and entry.client.client_id == talk.client.client_id:
            record.end_waiting(talk.session, talk.visit, entry.visit_id)


def ask_if_he_waits(talk: Talk) -> None:
    """A name in passing opens no file; when one of that name waits in today's queue, ask once whether it is he.

    A name with a tail or a number that fits nobody means somebody else: then nothing is offered instead.
    """
    turn, asked = talk.turn, talk.state.asked_names
    name = str(turn.first("client_name") or "")
    exact = turn.first("phone_tail") or turn.first("client_no")
    listed = any(message.card["type"] == "choices" for message in talk.messages)
    if not name or name in asked or exact or listed or talk.client or talk.visit.status != "open":
        return
    said = parse_spoken(name)
    found = [entry.client for entry in talk.book.queue() if entry.client and _may_be(entry.client, said)]
    if found:
        asked.append(name)
        # A kind of its own: the page shows it beside the talk, and the reactions keep their place.
        _list(talk, "client_waiting", "waiting", found)


def _may_be(client: ClientBrief, said: SpokenName) -> bool:
    """Whether a client may be the one named: by surname, by full name as heard, or by a nickname made of it."""
    if said.gender not in (None, client.gender):
        return False
    if said.is_surname_only:
        return surname_of(client.name) == said.name
    sounds = [tuple(map(sound_of, name)) for name in (client.name, said.name)]
    return sounds[0] == sounds[1] or said.name.startswith(client.name)


def _list(talk: Talk, question: str, kind: str, found: list[ClientBrief]) -> None:
    options: list[tuple[Button, float | None]] = [
        (
            Button.of(
                f"{c.name} 尾号{c.phone_tail} · {c.client_no}", "look_up_client", client_no=c.client_no
            ),
            None,
        )
        for c in found[:MOST_CANDIDATES]
    ]
    talk.messages.append(cards.choices_card(talk.playbook.messages[question], options, kind))


def _who_waits_first(talk: Talk, found: list[ClientBrief]) -> list[ClientBrief]:
    """Of many with one name the advisor means one who stands in today's queue."""
    waiting = {entry.client.client_id for entry in talk.book.queue() if entry.client}
    return sorted(found, key=lambda client: client.client_id not in waiting)


def _name_before_tail(talk: Talk) -> str | None:
    """The name that a tail belongs to: the nearest before it (「不是王先生 是陈先生1128」)."""
    tails = [e for e in talk.turn.entities if e["entity"] == "phone_tail" and "start" in e]
    names = [e for e in talk.turn.entities if e["entity"] == "client_name" and "start" in e]
    before = [name for name in names if tails and name["end"] <= tails[0]["start"]]
    return str(before[-1]["value"]) if before else None


def take(talk: Talk, client_id: int) -> None:
    """Make a client the one of this visit, or only show him if another one is being served."""
    profile = talk.book.profile(client_id)
    if talk.client is not None and talk.client.client_id != client_id:
        talk.say("client_other", 当前=talk.client.salutation, 另一位=profile.salutation)
        talk.messages.append(cards.client_card(profile, only_look=True))
        return
    talk.client = profile
    talk.visit.client_id = client_id
    _choose_anew(talk)
    talk.messages.append(cards.client_card(profile))


def note_figures(talk: Talk) -> bool:
    """Remember the rates and the turnover the turn names; says whether anything new was heard.

    Of two rates the one that equals the client's own, or else the higher, is ours.
    """
    state, turn = talk.state, talk.turn
    before = (state.offered_rate, state.offered_min_fee, state.named_turnover, state.own_rate)
    rates = _believable(talk, [_decimal(value) for value in turn.all("commission_rate")])
    if rates:
        own = talk.client.commission_rate if talk.client else None
        others = [rate for rate in rates if Decimal(rate) != own]
        if others:
            state.offered_rate = min(others, key=Decimal)
            # A new quote stands for itself: the minimum of an earlier one is no part of it.
            state.offered_min_fee = None
        if len(rates) > 1 and own is None:
            state.own_rate = max(rates, key=Decimal)
        elif len(rates) > 1 and own and len(others) == len(rates):
            talk.say("rate_on_file", 费率=rate_text(own))
    floor = turn.first("min_fee")
    if floor is not None:
        state.offered_min_fee = _decimal(floor)
    for entity in turn.entities:
        if entity["entity"] == "amount" and entity.get("role") == "volume_year":
            state.named_turnover = _decimal(entity["value"])
        elif entity["entity"] == "amount" and entity.get("role") == "volume_month":
            state.named_turnover = str(Decimal(_decimal(entity["value"])) * 12)
    if talk.client is not None and talk.client.trades_12m and state.named_turnover != before[2]:
        talk.say("turnover_on_file", 成交额=spoken_yuan(talk.client.turnover_12m))
    state.broker = turn.first("broker") or state.broker
    heard_new = before != (state.offered_rate, state.offered_min_fee, state.named_turnover, state.own_rate)
    if heard_new:
        _choose_anew(talk)
    return heard_new


def _choose_anew(talk: Talk) -> None:
    """New figures may fill a better wording of the present step than the one shown so far."""
    talk.state.wordings.pop(talk.state.place, None)


def _believable(talk: Talk, rates: list[str]) -> list[str]:
    """The rates that can be true; of the others the advisor is told, and they displace nothing."""
    kept = []
    for rate in rates:
        try:
            Tariff(Decimal(rate))
        except CommissionError as error:
            talk.say("rate_refused", "error", 问题=str(error))
        else:
            kept.append(rate)
    return kept


def _decimal(value: Any) -> str:
    # JSON carries floats; their shortest text is the decimal that was meant.
    return format(Decimal(repr(value) if isinstance(value, float) else str(value)), "f")
