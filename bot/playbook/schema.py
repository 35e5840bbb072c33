"""Schema of `data/playbook/`: what each YAML file must contain, checked at start and in the tests.

The field names are the field's own words, so that a compliance officer can read the files without
reading this module. Unknown keys are refused: a misspelt key would otherwise silently drop a rule.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, Field, root_validator, validator

from bot.playbook.placeholders import KNOWN_FIGURES, placeholders_in

TECHNIQUES = (
    "apology", "empathy", "ask_need", "commission_math", "standard_commission", "bundle_referral",
    "brand", "service_product", "dedicated_manager", "client_case", "risk_disclosure",
    "teach_to_fish", "own_interest", "favour_redirect", "relationship_care", "remote_service",
    "internal_transfer", "trial_week", "commitment",
)  # fmt: skip
REASONS = (
    "identity", "relocation", "service_dissatisfaction", "heavy_loss", "commission_competition",
    "small_gifts", "competitor_solicitation", "personal_favour", "commission_cut_demand",
    "quick_profit", "other",
)  # fmt: skip
TRIAL_WEEK = "trial_week"
CASES = (*REASONS, TRIAL_WEEK)

#: Figures a sentence may ask the client for.
ASKABLE = ("对方费率", "成交额", "成交笔数")

#: A talk track is read aloud in one breath group or two: shorter says nothing, longer is a lecture.
MIN_TRACK, MAX_TRACK = 40, 160
_APOLOGY = re.compile("道歉|抱歉|对不起|对不住|赔不是|致歉|赔个不是")


def apologises(text: str) -> bool:
    """Whether a sentence apologises, by the words that do so in Chinese counter talk."""
    return bool(_APOLOGY.search(text))


class Strict(BaseModel):
    """Base of all playbook models: frozen, and no unknown keys."""

    class Config:
        extra = "forbid"
        allow_mutation = False


class Wording(Strict):
    """One way to say a step; `when` narrows it to clients it fits.

    `asks` names the figures the sentence asks the client for: once one of them is known, asking again would
    tell him that nobody listened, so the sentence is left out.
    """

    say: str
    asks: list[Literal[ASKABLE]] = []  # type: ignore[valid-type]
    when: Literal["always", "floor_binds", "floor_free", "large_account", "small_account"] = "always"

    @validator("say")
    def _say_is_readable(cls, value: str) -> str:
        text = " ".join(value.split())
        plain = re.sub(r"\{[^}]*\}", "某某某", text)
        if not MIN_TRACK <= len(plain) <= MAX_TRACK:
            raise ValueError(f"话术应为 {MIN_TRACK}–{MAX_TRACK} 字，现 {len(plain)} 字: {text[:20]}…")
        unknown = placeholders_in(text) - KNOWN_FIGURES
        if unknown:
            raise ValueError(f"不认识的占位符 {sorted(unknown)}: {text[:20]}…")
        return text

    @property
    def apologises(self) -> bool:
        """Whether this wording spends the visit's one apology."""
        return apologises(self.say)


class Step(Strict):
    """One step of a case: a technique, said in one of several wordings."""

    technique: Literal[TECHNIQUES]  # type: ignore[valid-type]
    title: str = Field(max_length=12)
    principle: int = Field(ge=1, le=5)
    tip: str = Field(min_length=8, max_length=90)
    forbidden: str = Field(min_length=6, max_length=90)
    source: str
    rewording: str | None = None
    wordings: list[Wording] = Field(min_items=3)

    @root_validator(skip_on_failure=True)
    def _can_always_be_said(cls, values: dict[str, object]) -> dict[str, object]:
        wordings = values["wordings"]
        assert isinstance(wordings, list)
        free = [
            w
            for w in wordings
            if w.when == "always" and not w.asks and not placeholders_in(w.say) - ALWAYS_KNOWN
        ]
        if not free:
            raise ValueError(f"步骤「{values['title']}」至少要有一条不用客户数据、也不问数字的话术")
        if all(w.apologises for w in free):
            raise ValueError(
                f"步骤「{values['title']}」至少要有一条不道歉、不用客户数据的话术（道歉只说一次）"
            )
        return values


#: Figures that exist without a client: names, today's dates.
ALWAYS_KNOWN = frozenset(
    {
        "公司",
        "公司简称",
        "热线",
        "俱乐部",
        "手机软件",
        "电脑软件",
        "短信产品",
        "研究所",
        "资讯网",
        "股民学校",
        "受理日",
        "办结日",
    }
)


class Case(Strict):
    """A case script: what to say, in the deck's order, to a client leaving for one reason."""

    case: Literal[CASES]  # type: ignore[valid-type]
    deck: int | None = Field(ge=1, le=8)
    title: str = Field(max_length=8)
    aim: str = Field(max_length=120)
    source: str
    must_leave: bool = False
    steps: list[Step] = Field(min_items=1)

    @root_validator(skip_on_failure=True)
    def _one_apology_step(cls, values: dict[str, object]) -> dict[str, object]:
        steps = values["steps"]
        assert isinstance(steps, list)
        if sum(s.technique == "apology" for s in steps) > 1:
            raise ValueError("一个案例最多一个道歉步骤")
        return values


class Reason(Strict):
    """One of the eleven reasons, with the questions that tell it from its neighbours."""

    id: Literal[REASONS]  # type: ignore[valid-type]
    number: int = Field(ge=1, le=11)
    title: str
    definition: str
    not_this: str
    neighbours: dict[str, str]
    open_question: str
    source: str


class Principle(Strict):
    """One of the five principles of the guideline."""

    id: int = Field(ge=1, le=5)
    title: str
    meaning: str
    tip: str
    source: str
    rewording: str | None = None


class Claim(Strict):
    """A sentence about the firm, usable until a date; afterwards it is history."""

    text: str
    as_of: date
    usable_until: date
    source: str
    rewording: str | None = None

    def usable(self, today: date) -> bool:
        """Whether it may still be said as a present claim on `today`."""
        return today <= self.usable_until


class Tool(Strict):
    """One item of the toolbox: a brand advantage, a service product or a cooperation."""

    id: str = Field(regex="^[a-z_]+$")
    kind: Literal["brand", "service", "cooperation"]
    title: str
    ask: list[str] = Field(min_items=2)
    claims: list[Claim] = Field(min_items=1)
    source: str


class Objection(Strict):
    """A question or objection a client raises, with the lawful answer."""

    id: str = Field(regex="^[a-z_]+$")
    title: str
    ask: list[str] = Field(min_items=2)
    say: str
    tip: str
    forbidden: str
    as_of: date
    source: str


class Reaction(Strict):
    """What to do when the client reacts: bridges put before the next step, or a card of its own."""

    id: Literal["accepts", "hesitates", "insists", "angry", "asks"]
    title: str
    tip: str
    bridges: list[str] = Field(min_items=1)


class Finding(Strict):
    """One result of the commission-sensitivity research."""

    text: str
    source: str
    as_of: str


class Research(Strict):
    """The deck's research on commission, shown as a card to the advisor."""

    title: str
    ask: list[str] = Field(min_items=2)
    findings: list[Finding]
    meaning: str


class ChecklistItem(Strict):
    """One condition before an account can be closed or moved; `undone` says what is missing."""

    id: str
    text: str
    undone: str | None = None
    check: Literal["id_doc", "cash", "positions", "designation", "margin", "manual"]
    markets: list[Literal["SH", "SZ", "BJ"]] = []
    source: str


class Exit(Strict):
    """How a closing or transfer is processed: checklist, deadline and what to say."""

    working_days: int = Field(ge=1, le=5)
    say: str
    tip: str
    must_leave_say: str
    fee_note: str
    source: str
    checklist: list[ChecklistItem]


class Thresholds(Strict):
    """Figures the walk and the hints depend on; every one may be changed here."""

    sure_probability: float = Field(gt=0, lt=1)
    sure_margin: float = Field(ge=0, lt=1)
    command_confidence: float = Field(gt=0, lt=1)
    no_contact_days: int = Field(gt=0)
    heavy_loss_ratio: Decimal
    rate_above_branch: Decimal
    large_account_assets: Decimal


class Outcome(Strict):
    """How a visit may end, the words an advisor uses for it, and when to follow up."""

    id: Literal["kept", "trial_week", "undecided", "left"]
    title: str
    words: list[str] = Field(min_items=2)
    follow_up_days: int = Field(ge=1, le=365)
    follow_up_topic: str
    closing: str


class UnstatedHint(Strict):
    """What to ask when the client's figures point to a reason he did not name."""

    reason: Literal[REASONS]  # type: ignore[valid-type]
    sign: Literal["no_contact", "heavy_loss", "rate_above_branch"]
    note: str
    question: str


class Violation(Strict):
    """A kind of sentence the law forbids, with the patterns that give it away.

    `hints` are wordings that lawful sentences share: they prove nothing to the speech reader, but our own
    sentences must do without them.
    """

    id: str
    title: str
    rule: str
    instead: str
    patterns: list[str] = Field(min_items=1)
    hints: list[str] = []
    unless: list[str] = []
