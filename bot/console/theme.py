"""The frame all pages share: style sheet, header with name, branch and navigation."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from nicegui import ui

from bot.console.markup import esc
from bot.db.session import Viewer
from bot.learning.reviewing import may_review

STATIC = Path(__file__).with_name("static")
PREFIX = "/console-static"
ACCENT = "#0f6a68"
"""The one accent; the same as `--accent` in `console.css`."""
PAGES = (("/", "首页"), ("/playbook", "剧本"), ("/review", "复核"))


def _asset(name: str) -> str:
    """The address of a file; it changes with the file, so that no browser keeps an old one."""
    mark = sha256((STATIC / name).read_bytes()).hexdigest()[:10]
    return f"{PREFIX}/{name}?v={mark}"


def stylesheet() -> str:
    """The link to the style sheet, and an icon drawn on the spot."""
    icon = (
        "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32'"
        " height='32' rx='8' fill='%230f6a68'/%3E%3Cpath d='M9 10h14v9H15l-4 4v-4H9z' fill='white'/%3E%3C/svg%3E"
    )
    return f'<link rel="stylesheet" href="{_asset("console.css")}"><link rel="icon" href="{icon}">'


def frame(viewer: Viewer, branch: str, title: str, path: str) -> ui.element:
    """Build the header.

    Returns:
        The place in the header for a page's own controls.
    """
    ui.page_title(f"{title} · 留客")
    ui.colors(primary=ACCENT)
    ui.add_head_html(stylesheet() + f'<script src="{_asset("console.js")}" defer></script>')
    links = "".join(
        f'<a href="{address}"{" aria-current=page" if address == path else ""}>{name}</a>'
        for address, name in PAGES
        if address != "/review" or may_review(viewer)
    )
    with ui.element("header").classes("top"):
        ui.html(f'<a class="brand" href="/">留客</a><nav>{links}</nav>', sanitize=False).classes("top-left")
        own = ui.element("div").classes("top-own")
        ui.html(
            f'<span class="who"><b>{esc(viewer.name)}</b><span>{esc(branch)}</span></span>'
            '<form method="post" action="/logout"><button class="link" type="submit">退出</button></form>',
            sanitize=False,
        ).classes("top-right")
    return own


def button(title: str, classes: str = "btn") -> ui.element:
    """A native button: small, quick, and the same for keyboard and screen reader."""
    element = ui.element("button").classes(classes).props("type=button")
    with element:
        ui.label(title)
    return element
