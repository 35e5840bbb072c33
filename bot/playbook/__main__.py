"""`python -m bot.playbook`: checks the guideline and that no sentence in it breaks the law."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from bot.compliance.rules import RulesError, load_techniques, load_violations
from bot.compliance.screen import Found, find_violations
from bot.playbook.book import PLAYBOOK_DIR, Playbook, PlaybookError, load_playbook


def spoken(book: Playbook) -> Iterator[tuple[str, str]]:
    """Every sentence that may reach a client's ears, with its file and place."""
    for place, text in book.sentences():
        name, _, rest = place.partition(" ")
        yield f"{name}.yml {rest}".strip(), text
    for reason in book.reasons.values():
        for neighbour, question in reason.neighbours.items():
            yield f"reasons.yml {reason.id} → {neighbour}", question
    for outcome in book.outcomes.values():
        yield f"outcomes.yml {outcome.id} closing", outcome.closing
        yield f"outcomes.yml {outcome.id} follow_up_topic", outcome.follow_up_topic
    yield "exit.yml fee_note", book.exit.fee_note
    for item in book.exit.checklist:
        yield f"exit.yml {item.id}", item.undone or item.text
    for key in ("question_noted", "ask_reason"):
        if key in book.messages:
            yield f"messages.yml {key}", book.messages[key]


def complaint(place: str, found: Found) -> str:
    """One violation as a line for the one who edits the file."""
    return f"{place}:「{found.text}」是{found.title}（{found.rule}）。可改为：{found.instead}"


def main() -> int:
    """Check everything; problems go to standard error.

    Returns:
        0 if all is well, 1 otherwise.
    """
    try:
        book = load_playbook(PLAYBOOK_DIR)
        kinds = load_violations()
        techniques = load_techniques()
    except (PlaybookError, RulesError) as error:
        print(f"✗ {error}", file=sys.stderr)
        return 1
    sentences = list(spoken(book))
    sentences += [(f"violations.yml {kind.id} instead", kind.instead) for kind, _ in kinds]
    problems = [
        complaint(place, found) for place, text in sentences for found in find_violations(text, kinds)
    ]
    for line in problems:
        print(f"✗ {line}", file=sys.stderr)
    if problems:
        return 1
    steps = [step for case in book.cases.values() for step in case.steps]
    print(
        f"✓ 剧本合规：{len(book.cases)} 个案例、{len(steps)} 步、{sum(len(s.wordings) for s in steps)} 条话术，"
        f"工具箱 {len(book.toolbox)} 项，异议 {len(book.objections)} 条；查了 {len(sentences)} 句，"
        f"{len(kinds)} 类违规零命中；{len(techniques)} 种方法。"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
