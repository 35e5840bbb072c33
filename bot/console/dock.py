"""The bottom of the talk: reactions with their number keys, commands, and the input."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from nicegui import ui
from nicegui.events import GenericEventArguments

from bot.console.shortcuts import ENTER
from bot.console.theme import button
from bot.console.transcript import COMMANDS, OPENING, Scene
from bot.gateway.reception import VisitView

TOOLS = ("/previous_step", "/why_this_step", "/show_toolbox", "/work_out_commission", "/record_outcome")
MOST_KEYS = 9


class Dock:
    """Everything the advisor presses or types in."""

    def __init__(
        self,
        press: Callable[[str, str], Awaitable[None]],
        typed: Callable[[str], Awaitable[None]],
        new: Callable[[], Awaitable[None]],
        take_over: Callable[[], Awaitable[None]],
    ) -> None:
        """Draw it empty; each argument is called when the advisor does that."""
        self._press, self._typed, self._new, self._take_over = press, typed, new, take_over
        self._drawn: object = None
        with ui.element("div").classes("dock") as self._dock:
            self._wait = ui.label().classes("waiting-line").props("role=status")
            self._wait.set_visibility(False)
            self._bar = ui.element("div").classes("bar-buttons")
            self._closed = ui.element("div").classes("closed")
            with ui.element("div").classes("compose") as self._compose:
                with ui.element("div").classes("tools"):
                    for payload in TOOLS:
                        button(COMMANDS[payload], "link").on(
                            "click", lambda p=payload: self._press(p, COMMANDS[p])
                        )
                with ui.element("div").classes("write"):
                    self.input = (
                        ui.textarea(placeholder="客户的原话，回车发送")
                        .props(
                            'outlined dense autogrow rows=1 autofocus maxlength=20000 aria-label="客户的话"'
                        )
                        .classes("words-input")
                    )
                    self.input.on("keydown", self._entered, js_handler=ENTER)
                    button("发送", "btn primary send").on(
                        "click", lambda: self._typed(str(self.input.value or ""))
                    )

    async def _entered(self, event: GenericEventArguments) -> None:
        await self._typed(str(event.args or ""))

    def show(self, scene: Scene, visit: VisitView, mine: bool) -> None:
        """The buttons that fit where the visit stands."""
        correcting = scene.focus is not None and bool(scene.question)
        now = (
            scene.bar,
            scene.question,
            visit.status,
            visit.outcome,
            mine,
            visit.advisor_name,
            visit.superseded_by,
        )
        if now == self._drawn:
            return
        self._drawn = now
        is_open = visit.status == "open" and mine
        self._compose.set_visibility(is_open)
        pick = is_open or (visit.status == "closed" and mine and correcting)
        self._bar.clear()
        self._bar.set_visibility(pick)
        wide = max((len(press.title) for press in scene.bar), default=0) > 6
        self._bar.classes(add="wide" if wide else None, remove=None if wide else "wide")
        self._bar.props(f"data-typing={'no' if scene.bar == OPENING else 'yes'}")
        if pick:
            with self._bar:
                self._draw_bar(scene)
        self._closed.clear()
        self._closed.set_visibility(not is_open)
        with self._closed:
            self._draw_closed(visit, mine, correcting)

    def _draw_bar(self, scene: Scene) -> None:
        for number, press in enumerate(scene.bar, start=1):
            classes = "react"
            if press.payload == "/next_step" or (
                number == 1 and scene.bar != OPENING and scene.question == ""
            ):
                classes += " first"
            if press.payload == "/process_closing":
                classes += " leave"
            element = ui.element("button").classes(classes).props("type=button")
            if number <= MOST_KEYS:
                element.props(f"data-key={number}")
            with element.on("click", lambda p=press: self._press(p.payload, p.title)):
                if number <= MOST_KEYS:
                    ui.html(f"<kbd>{number}</kbd>", sanitize=False)
                ui.label(press.title)
                if press.note:
                    ui.label(press.note).classes("likely")

    def _draw_closed(self, visit: VisitView, mine: bool, correcting: bool) -> None:
        if visit.status == "closed":
            ui.label(f"已登记为「{visit.outcome_title}」").classes("closed-text")
            button("新的接待", "btn primary").on("click", lambda: self._new())
            if mine and not correcting and visit.superseded_by is None:
                button("改结果", "btn").on("click", lambda: self._press("/record_outcome", "改结果"))
        elif visit.status == "waiting":
            ui.label("这位客户还在排队。请从左边的排队里点他开始接待。").classes("closed-text")
        elif not mine:
            ui.label(f"这是 {visit.advisor_name} 的接待，现在只能看。").classes("closed-text")
            button("接过来", "btn").on("click", lambda: self._take_over())

    def busy(self, busy: bool, keep_text: bool) -> None:
        """While a text is on its way nothing else is sent."""
        self._dock.classes(add="busy" if busy else None, remove=None if busy else "busy")
        if not busy:
            self._wait.set_visibility(False)
        if busy and not keep_text:
            self.input.set_value("")

    def waiting(self, text: str) -> None:
        """Say what is being waited for."""
        self._wait.set_text(text)
        self._wait.set_visibility(True)

    def give_back(self, text: str) -> None:
        """What could not be delivered stands in the input again, before what was typed meanwhile."""
        if not text:
            return
        meanwhile = str(self.input.value or "")
        self.input.set_value(text if not meanwhile or meanwhile == text else f"{text}\n{meanwhile}")

    def sent(self) -> None:
        """What was typed has arrived: the browser may forget its copy."""
        ui.run_javascript("window.liuke && window.liuke.forgetDraft()")
