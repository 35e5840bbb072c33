"""What is shown for a page that is not there."""

from __future__ import annotations

from nicegui import ui

from bot.console.markup import esc
from bot.console.theme import stylesheet


def missing(text: str = "没有这个页面，或者它不属于您的营业部。") -> None:
    """A page that is not there, and the way back."""
    ui.page_title("没有找到 · 留客")
    ui.add_head_html(stylesheet())
    ui.html(
        f'<main class="missing"><h1>没有找到</h1><p>{esc(text)}</p><a class="btn primary" href="/">回首页</a></main>',
        sanitize=False,
    )
