"""The talk in the middle: grows line by line, never redrawn from the top."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from nicegui import ui

from bot.console.cards import entry_html
from bot.console.markup import div, esc
from bot.console.theme import button
from bot.console.transcript import Scene

Press = Callable[[str, str], Awaitable[None]]


class TalkView:
    """The lines of one visit's talk."""

    def __init__(self, press: Press) -> None:
        """An empty talk.

        Args:
            press: Called with payload and title when a button in the talk is pressed.
        """
        self._press = press
        self._last = 0
        with ui.element("div").classes("talk").props('role=log aria-label="对话"'):
            self._empty = ui.html(
                div(
                    "talk-empty",
                    "客户说了什么，直接打在下面。<br>例如「别家给0.2%，我们0.25%太高，要撤指定」",
                ),
                sanitize=False,
            )
            self._lines = ui.element("div").classes("lines")
            self._chips = ui.element("div").classes("chips")
            self._tail = ui.element("div").classes("tail")

    def show(self, scene: Scene, live: bool) -> None:
        """Add what is new."""
        fresh = [entry for entry in scene.entries if entry.seq > self._last]
        self._empty.set_visibility(not scene.entries)
        with self._lines:
            for entry in fresh:
                ui.html(entry_html(entry), sanitize=False)
        if fresh:
            self._last = fresh[-1].seq
            self._draw_chips(scene, live)

    def _draw_chips(self, scene: Scene, live: bool) -> None:
        self._chips.clear()
        if not live or not scene.chips:
            return
        entry = next(entry for entry in scene.entries if entry.seq == scene.chips)
        with self._chips:
            for choice in entry.buttons:
                button(f"{choice.title} {choice.note}".strip(), "chip").on(
                    "click", lambda c=choice: self._press(c.payload, c.title)
                )

    def pending(self, text: str, pressed: bool) -> None:
        """Show what is on its way."""
        self._tail.clear()
        with self._tail:
            kind = "bubble pressed pending" if pressed else "bubble pending"
            ui.html(div("line mine", div(kind, esc(text[:400]))), sanitize=False)

    def settled(self) -> None:
        """Nothing is on its way any more."""
        self._tail.clear()
