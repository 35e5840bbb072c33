"""One turn at the counter: what was typed, who sits there, where the walk stands, what is answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from bot.clients.book import ClientBook
from bot.clients.profile import ClientProfile, FlagThresholds
from bot.commission.compare import Comparison, PassThrough, Tariff, Trade, compare, pass_through
from bot.commission.errors import CommissionError
from bot.commission.fees import Market
from bot.commission.money import rate_text
from bot.db.models import Visit
from bot.db.session import Viewer
from bot.playbook.book import Playbook
from bot.playbook.schema import TRIAL_WEEK
from bot.visits import cards, walk
from bot.visits.figures import figures, spoken_yuan
from bot.visits.messages import Button, Message
from bot.visits.state import WalkState
from bot.visits.track import choose

#: the markets of the client book, as the fee table names them
MARKETS: dict[str, Market] = {"SH": "shanghai", "SZ": "shenzhen", "BJ": "beijing"}


@dataclass(frozen=True)
class Turn:
    """What the advisor typed, as Rasa understood it."""

    sender_id: str
    text: str
    intent: str
    confidence: float
    today: date
    #: best first: (reason, probability, evidence text)
    reasons: Sequence[tuple[str, float, str]] = ()
    #: the eleven reasons by likelihood, stated or not, for the question when unsure
    ranking: Sequence[tuple[str, float]] = ()
    entities: Sequence[dict[str, Any]] = ()
    #: ids of the techniques it shows, read as an advisor's speech
    techniques: Sequence[str] = ()
    #: ids of what the law forbids, read in the text as an advisor's speech
    violations: Sequence[str] = ()

    @property
    def pressed(self) -> bool:
        """Whether it came from a button: then there is nothing to be unsure about."""
        return self.text.startswith("/")

    def first(self, entity: str) -> Any:
        """Value of the first entity of a kind, or None."""
        return next((e["value"] for e in self.entities if e["entity"] == entity), None)

    def all(self, entity: str) -> list[Any]:
        """Values of all entities of a kind, in the order of the text."""
        return [e["value"] for e in self.entities if e["entity"] == entity]


@dataclass
class Talk:
    """The working context of one turn."""

    turn: Turn
    session: Session
    viewer: Viewer
    visit: Visit
    state: WalkState
    playbook: Playbook
    messages: list[Message] = field(default_factory=list)
    client: ClientProfile | None = None
    closed: bool = False

    @property
    def book(self) -> ClientBook:
        """The clients this advisor may see."""
        limits = self.playbook.thresholds
        flags = FlagThresholds(
            no_contact_days=limits.no_contact_days,
            heavy_loss_ratio=limits.heavy_loss_ratio,
            rate_above_branch=limits.rate_above_branch,
        )
        return ClientBook(self.session, self.turn.today, flags)

    def trades(self) -> tuple[Decimal, ...]:
        """The amounts of the client's trades of twelve months; none if he is unknown."""
        return self.book.trade_amounts(self.client.client_id) if self.client else ()

    def say(self, key: str, kind: str = "notice", buttons: tuple[Button, ...] = (), **values: Any) -> None:
        """Answer with one of the assistant's own sentences from `messages.yml`."""
        text = self.playbook.messages[key].format(**values)
        self.messages.append(cards.notice(text, kind, buttons))

    def comparison(self) -> Comparison | None:
        """The commission worked out at the rate the client named, if the figures for it are known.

        Raises:
            CommissionError: when the named figures cannot be true.
        """
        if self.state.offered_rate is None and self.state.offered_min_fee is None:
            return None
        ours = self._our_tariff()
        if ours is None:
            return None
        rate = Decimal(self.state.offered_rate) if self.state.offered_rate else ours.rate
        floor = Decimal(self.state.offered_min_fee) if self.state.offered_min_fee else ours.min_fee
        trades = self.trades()
        turnover = Decimal(self.state.named_turnover) if self.state.named_turnover else None
        if not trades and turnover is None:
            return None
        return compare(trades or None, None if trades else turnover, ours, Tariff(rate, floor))

    def _our_tariff(self) -> Tariff | None:
        if self.client and self.client.commission_rate > 0:
            return Tariff(self.client.commission_rate, self.client.min_fee)
        if self.state.own_rate:
            return Tariff(Decimal(self.state.own_rate))
        return None

    def figures(self) -> dict[str, str]:
        """Everything known that a talk track may name."""
        try:
            comparison = self.comparison()
        except CommissionError:
            comparison = None
        near = self.book.nearest_branch(self.state.whereabouts) if self.state.whereabouts else None
        known = figures(
            self.playbook, self.turn.today, self.client, comparison,
            trades=self.trades(), near_branch=near.name if near else None, advisor=self.viewer.name,
        )  # fmt: skip
        # Said by the client, though not enough to work out the sum: nobody asks him for it again.
        if self.state.offered_rate:
            known.setdefault("对方费率", rate_text(Decimal(self.state.offered_rate)))
        if self.state.named_turnover:
            known.setdefault("成交额", spoken_yuan(Decimal(self.state.named_turnover)))
        return known

    def conditions(self) -> frozenset[str]:
        """What holds for this client and narrows the wordings."""
        found: set[str] = set()
        if self.client:
            large = self.client.assets >= self.playbook.thresholds.large_account_assets
            found.add("large_account" if large else "small_account")
            trades = self.trades()
            if trades and self.client.commission_rate > 0:
                threshold = self.client.min_fee / self.client.commission_rate
                bound = sum(1 for amount in trades if amount < threshold)
                found.add("floor_binds" if 2 * bound >= len(trades) else "floor_free")
        return frozenset(found)

    def show_step(self, bridge: str = "", another: bool = False) -> None:
        """Answer with the present step, and the commission table where the step works it out."""
        step = walk.present_step(self.state, self.playbook)
        if step is None:
            self.say("no_case")
            return
        self.state.processing = False
        say, number, of = choose(step, self.state, self.figures(), self.conditions(), another)
        self.messages.append(
            cards.step_card(self.playbook, self.state, step, say, (number, of), self.client, bridge)
        )
        if step.technique == "commission_math":
            self.show_commission()

    def show_commission_once(self) -> None:
        """Answer with the commission table unless the step shown brought it already."""
        if not any(message.card["type"] == "commission" for message in self.messages):
            self.show_commission()

    def show_commission(self) -> bool:
        """Answer with the commission table if it can be worked out; says whether it could."""
        try:
            comparison = self.comparison()
        except CommissionError as error:
            self.say("rate_refused", 问题=str(error))
            return True
        if comparison is None:
            return False
        fees = self._pass_through(comparison.our_cost.turnover)
        self.messages.append(cards.commission_card(comparison, fees))
        return True

    def _pass_through(self, turnover: Decimal) -> PassThrough:
        deals = self.book.deals(self.client.client_id) if self.client else ()
        if not deals:
            return pass_through(turnover=turnover)
        return pass_through([Trade(deal.amount, deal.side, MARKETS[deal.market]) for deal in deals])

    @property
    def in_trial_week(self) -> bool:
        """Whether the walk has come to the trial week."""
        return self.state.case == TRIAL_WEEK
