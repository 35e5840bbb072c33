"""Loads `data/playbook/` once and answers questions about it."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from bot.playbook.placeholders import NAMES, fill
from bot.playbook.schema import (
    CASES,
    REASONS,
    TRIAL_WEEK,
    Case,
    Claim,
    Exit,
    Objection,
    Outcome,
    Principle,
    Reaction,
    Reason,
    Research,
    Thresholds,
    Tool,
    UnstatedHint,
)

PLAYBOOK_DIR = Path(__file__).resolve().parents[2] / "data" / "playbook"
Model = TypeVar("Model", bound=BaseModel)


class PlaybookError(Exception):
    """A file of the playbook is missing, unreadable or breaks the schema; the text is Chinese."""


@dataclass(frozen=True)
class Playbook:
    """The whole guideline, read and checked."""

    names: dict[str, str]
    principles: dict[int, Principle]
    reasons: dict[str, Reason]
    cases: dict[str, Case]
    toolbox: tuple[Tool, ...]
    objections: tuple[Objection, ...]
    reactions: dict[str, Reaction]
    research: Research
    exit: Exit
    thresholds: Thresholds
    hints: tuple[UnstatedHint, ...]
    outcomes: dict[str, Outcome]
    messages: dict[str, str]

    def sentences(self) -> Iterator[tuple[str, str]]:
        """Every sentence an advisor might say, with the place it stands in."""
        for case in self.cases.values():
            for number, step in enumerate(case.steps, start=1):
                for wording in step.wordings:
                    yield f"cases/{case.case} 第{number}步", wording.say
        for tool in self.toolbox:
            for claim in tool.claims:
                yield f"toolbox {tool.id}", claim.text
        for objection in self.objections:
            yield f"objections {objection.id}", objection.say
        for reaction in self.reactions.values():
            for bridge in reaction.bridges:
                yield f"reactions {reaction.id}", bridge
        for reason in self.reasons.values():
            yield f"reasons {reason.id}", reason.open_question
        for hint in self.hints:
            yield f"hints {hint.reason}", hint.question
        yield "exit", self.exit.say
        yield "exit", self.exit.must_leave_say

    def reason_title(self, reason: str) -> str:
        """Chinese name of a reason, or of the trial week."""
        if reason in self.reasons:
            return self.reasons[reason].title
        return self.cases[reason].title

    def claims(self, tool: Tool, today: date) -> tuple[list[Claim], list[Claim]]:
        """Claims of a tool split into those usable on `today` and those that are history."""
        usable = [claim for claim in tool.claims if claim.usable(today)]
        return usable, [claim for claim in tool.claims if not claim.usable(today)]


def _read(path: Path) -> Any:
    try:
        with path.open(encoding="utf-8") as file:
            return yaml.safe_load(file)
    except FileNotFoundError:
        raise PlaybookError(f"剧本文件缺失：{path.name}") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise PlaybookError(f"剧本文件读不懂：{path.name}：{error}") from error


def _parse(model: type[Model], data: Any, path: Path) -> Model:
    if not isinstance(data, dict):
        raise PlaybookError(f"剧本文件 {path.name} 的内容应是键值对")
    try:
        return model(**data)
    except ValidationError as error:
        details = ";".join(
            f"{'.'.join(str(part) for part in item['loc'])}:{item['msg']}" for item in error.errors()
        )
        raise PlaybookError(f"剧本文件 {path.name} 不合规范：{details}") from error


def load_playbook(directory: Path = PLAYBOOK_DIR) -> Playbook:
    """Read and check every file of the playbook.

    Raises:
        PlaybookError: naming the file and the place, in Chinese.
    """

    def one(model: type[Model], name: str) -> Model:
        path = directory / name
        return _parse(model, _read(path), path)

    def many(model: type[Model], name: str, read: Callable[[Any], Any] = lambda data: data) -> list[Model]:
        path = directory / name
        rows = _read(path)
        if not isinstance(rows, list):
            raise PlaybookError(f"剧本文件 {name} 的内容应是列表")
        return [_parse(model, read(row), path) for row in rows]

    names = _read(directory / "names.yml")
    if not isinstance(names, dict) or set(names) != NAMES:
        raise PlaybookError(f"剧本文件 names.yml 应恰有这些名称：{'、'.join(sorted(NAMES))}")
    cases = {name: one(Case, f"cases/{name}.yml") for name in CASES}
    for name, case in cases.items():
        if case.case != name:
            raise PlaybookError(f"剧本文件 cases/{name}.yml 里的 case 写成了 {case.case}")
    reasons = {reason.id: reason for reason in many(Reason, "reasons.yml")}
    if set(reasons) != set(REASONS):
        raise PlaybookError("剧本文件 reasons.yml 应恰有十一个原因")
    principles = {principle.id: principle for principle in many(Principle, "principles.yml")}
    if set(principles) != {1, 2, 3, 4, 5}:
        raise PlaybookError("剧本文件 principles.yml 应恰有五条原则")
    filled = {str(key): str(value) for key, value in names.items()}

    def named(text: str) -> str:
        # Toolbox and objections name firm and products only: filled once, when the file is read.
        try:
            return fill(text, filled)
        except KeyError as error:
            raise PlaybookError(f"这里只能用 names.yml 里的名称，没有 {error}：{text[:20]}…") from None

    def everywhere(data: Any) -> Any:
        if isinstance(data, str):
            return named(data)
        if isinstance(data, list):
            return [everywhere(item) for item in data]
        return {key: everywhere(item) for key, item in data.items()} if isinstance(data, dict) else data

    toolbox = many(Tool, "toolbox.yml", everywhere)
    objections = many(Objection, "objections.yml", everywhere)
    reactions = {str(reaction.id): reaction for reaction in many(Reaction, "reactions.yml")}
    if len(cases[TRIAL_WEEK].steps) != 1:
        raise PlaybookError("案例6（再试一周）应只有一步")
    return Playbook(
        names=filled,
        principles=principles,
        reasons=reasons,
        cases=cases,
        toolbox=tuple(toolbox),
        objections=tuple(objections),
        reactions=reactions,
        research=one(Research, "research.yml"),
        exit=one(Exit, "exit.yml"),
        thresholds=one(Thresholds, "thresholds.yml"),
        hints=tuple(many(UnstatedHint, "hints.yml")),
        outcomes={outcome.id: outcome for outcome in many(Outcome, "outcomes.yml")},
        messages={str(key): str(value) for key, value in _read(directory / "messages.yml").items()},
    )


@functools.lru_cache(maxsize=1)
def playbook() -> Playbook:
    """The playbook of this installation, read once a process."""
    return load_playbook()
