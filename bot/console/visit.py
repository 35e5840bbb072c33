"""The visit page: client and queue, the talk, what to read aloud; restored from the record at any time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from nicegui import ui
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response

from bot.console.aside import client_html, waiting_note, waiting_text
from bot.console.dock import Dock
from bot.console.loading import open_page
from bot.console.markup import esc
from bot.console.missing import missing
from bot.console.notices import DATABASE_BUSY, PATIENCE_SECONDS, patience, tell
from bot.console.panel import panel_html
from bot.console.session import SignedIn
from bot.console.talk import TalkView
from bot.console.theme import button, frame
from bot.console.transcript import Scene, build
from bot.db.session import Viewer
from bot.gateway import day, health, reception
from bot.gateway.rasa import RasaClient
from bot.gateway.sending import Outcome, deliver
from bot.gateway.settings import Settings

log = logging.getLogger(__name__)

POLL_SECONDS = 1.0
SLOW_EVERY = 5


def register(settings: Settings, rasa: RasaClient) -> None:
    """Make the page known."""

    @ui.page("/visit/{visit_id}")
    async def visit(request: Request, visit_id: int) -> Response | None:
        async def draw(signed_in: SignedIn, viewer: Viewer) -> None:
            try:
                shown = await asyncio.to_thread(reception.view, viewer, visit_id)
            except reception.NotFound:
                missing("没有这次接待，或者它不属于您的营业部。")
            else:
                await VisitPage(settings, rasa, signed_in, viewer, shown).build()

        return await open_page(request, draw)


class VisitPage:
    """One open visit page."""

    def __init__(
        self,
        settings: Settings,
        rasa: RasaClient,
        signed_in: SignedIn,
        viewer: Viewer,
        visit: reception.VisitView,
    ) -> None:
        """For one person and one visit."""
        self._settings, self._rasa = settings, rasa
        self._signed_in, self._viewer, self._visit = signed_in, viewer, visit
        self._pulse: reception.Pulse | None = None
        self._scene = Scene()
        self._sending = False
        self._awaiting_recovery = False
        self._ticks = 0
        self._events: list[reception.Event] = []
        self._client_shown: tuple[int | None, str] | None = None
        self._waiting_shown: list[tuple[int, str, str]] | None = None

    async def build(self) -> None:
        """Draw the page from the record, and follow the record from then on."""
        branch, short = await asyncio.to_thread(
            lambda: (day.branch_name(self._viewer), day.short_view(self._viewer))
        )
        with frame(self._viewer, branch, "接待", f"/visit/{self._visit.id}"):
            self._short = ui.switch("精简", value=short, on_change=self._set_short).props("dense")
            self._short.tooltip("只留话术和按钮")
        self._body = ui.element("main").classes("visit" + (" short" if short else ""))
        with self._body:
            with ui.element("aside").classes("side"):
                self._client = ui.html(sanitize=False).classes("client")
                with ui.element("section").classes("waiting"):
                    self._waiting_title = ui.label().classes("block-title")
                    self._waiting = ui.element("div").classes("rows")
            with ui.element("section").classes("panel").props('aria-live=polite aria-label="照着说"'):
                self._panel = ui.html(sanitize=False)
            with ui.element("section").classes("centre"):
                self._banner = ui.element("div").classes("banner").props("role=status")
                self._opening = ui.element("div").props("role=status")
                self._talk = TalkView(self._press)
                self._dock = Dock(self._press, self._type, self._new, self._take_over)
        self._banner.set_visibility(False)
        await self._refresh()
        await self._draw_waiting()
        ui.timer(POLL_SECONDS, self._follow, immediate=False)

    async def _viewer_now(self) -> Viewer | None:
        """Who sits there now; None ends what was begun: the person is told why."""
        try:
            viewer = await asyncio.to_thread(self._signed_in.viewer)
        except SQLAlchemyError:
            log.exception("database not available")
            self._database_down()
            return None
        if viewer is None:
            ui.navigate.to("/login")
        else:
            self._viewer = viewer
        return viewer

    def _gone(self) -> None:
        """The person's branch or role changed: the page, opened anew, says what that means."""
        ui.navigate.to(f"/visit/{self._visit.id}")

    def _database_down(self) -> None:
        self._awaiting_recovery = True
        self._warn("数据库没有回应。正在重试，文字不会丢。")

    async def _follow(self) -> None:
        """Once a second: whatever another tab, a colleague or a program did appears here."""
        self._ticks += 1
        try:
            viewer = await self._viewer_now()
            if viewer is None:
                return
            pulse = await asyncio.to_thread(reception.pulse, viewer, self._visit.id)
            if pulse != self._pulse and not self._sending:
                await self._refresh()
            if self._ticks % SLOW_EVERY == 0:
                await self._draw_waiting()
            if self._awaiting_recovery and not self._sending:
                await self._watch_recovery()
        except reception.NotFound:
            self._gone()
        except SQLAlchemyError:
            log.warning("visit %s cannot be followed", self._visit.id)
            self._database_down()

    async def _redraw(self) -> bool:
        """Draw anew after something was done; False when the record cannot be read now."""
        try:
            await self._refresh()
        except reception.NotFound:
            self._gone()
            return False
        except SQLAlchemyError:
            log.exception("database not available")
            self._database_down()
            return False
        return True

    async def _refresh(self) -> None:
        """Draw everything from the record."""
        last = self._events[-1].seq if self._events else 0
        viewer, visit_id = self._viewer, self._visit.id

        def read() -> tuple[reception.Pulse, reception.VisitView, list[reception.Event]]:
            return (
                reception.pulse(viewer, visit_id),
                reception.view(viewer, visit_id),
                reception.events(viewer, visit_id, after=last),
            )

        pulse, self._visit, fresh = await asyncio.to_thread(read)
        # Two refreshes may have overlapped: what is known already is not added again.
        known = self._events[-1].seq if self._events else 0
        self._events += [event for event in fresh if event.seq > known]
        self._scene = build(self._events)
        await self._draw_client()
        self._talk.show(self._scene, live=self._visit.status == "open")
        panel = panel_html(self._scene)
        if self._panel.content != panel:
            self._panel.set_content(panel)
        self._dock.show(self._scene, self._visit, mine=self._visit.advisor_id == self._viewer.staff_id)
        self._pulse = pulse  # last: what could not be drawn is tried again a second later

    async def _draw_client(self) -> None:
        now = (self._visit.client_id, self._visit.purpose)
        if now == self._client_shown:
            return
        client_id, purpose = now
        client = None
        if client_id is not None:
            client = await asyncio.to_thread(reception.profile, self._viewer, client_id)
        self._client.set_content(client_html(client, purpose, moved=client is None and client_id is not None))
        self._client_shown = now

    async def _draw_waiting(self) -> None:
        waiting = await asyncio.to_thread(day.queue, self._viewer)
        note = f"今天的排队 · {waiting_note(waiting)}"
        shown = [(entry.visit_id, *waiting_text(entry)) for entry in waiting]
        if self._waiting_shown == shown:
            return
        self._waiting_shown = shown
        self._waiting_title.set_text(note)
        self._waiting.clear()
        with self._waiting:
            for visit_id, who, what in shown:
                with button("", "lk-row take").on("click", lambda v=visit_id: self._take(v)):
                    ui.html(f"<b>{esc(who)}</b><span>{esc(what)}</span>", sanitize=False)

    # --- what the advisor does ---------------------------------------------------------------

    async def _type(self, text: str) -> None:
        if text.strip() and not self._sending:
            await self._send(text.strip(), text.strip())

    async def _press(self, payload: str, title: str) -> None:
        if self._sending:
            return
        if payload.startswith("/new_visit"):
            await self._new(payload)
            return
        viewer = await self._viewer_now()
        if viewer is None:
            return
        try:
            pulse = await asyncio.to_thread(reception.pulse, viewer, self._visit.id)
        except reception.NotFound:
            self._gone()
            return
        except SQLAlchemyError:
            self._database_down()
            return
        if pulse != self._pulse:  # another tab was faster: what the button referred to is gone
            await self._redraw()
            ui.notify("另一个窗口刚刚动过，已更新。请再点一次。", position="top", color="dark")
            return
        await self._send(payload, title)

    async def _send(self, text: str, shown: str) -> None:
        """Send, wait, and draw what was recorded; what was not recorded goes back into the input."""
        viewer = await self._viewer_now()
        if viewer is None:
            return
        self._sending = True
        typed = not text.startswith("/")
        self._talk.pending(shown, pressed=not typed)
        self._dock.busy(True, keep_text=not typed)
        waiting = asyncio.create_task(self._say_waiting())
        try:
            outcome = await deliver(self._rasa, viewer, self._visit, text)
        except Exception:  # whatever it was: the text must not be lost with it
            log.exception("a text of visit %s was not delivered", self._visit.id)
            outcome = Outcome(False, "这句话没有送出去。")
        finally:
            waiting.cancel()
            self._sending = False
            self._talk.settled()
            self._dock.busy(False, keep_text=True)
        await self._after(outcome, text if typed else "")

    async def _after(self, outcome: Outcome, typed: str) -> None:
        if outcome.moved_to is not None:
            ui.navigate.to(f"/visit/{outcome.moved_to}")
            return
        if outcome.recorded:
            if await self._redraw():
                self._calm()
            self._dock.sent()
            return
        self._dock.give_back(typed)
        if outcome.refused:
            tell(outcome.problem)
            await self._redraw()
            return
        state = await health.check(self._settings)
        # A part that answers again takes the banner away; a fault without such a part stays until the next try.
        self._awaiting_recovery = not state.ok
        what = f"{'、'.join(state.down)} 没有回应。" if state.down else outcome.problem
        kept = "您打的字还在输入框里，" if typed else ""
        self._warn(f"{what}{kept}恢复后再发一次就行。客户急着走，可先按手册办理。")

    async def _say_waiting(self) -> None:
        await asyncio.sleep(PATIENCE_SECONDS)
        seconds = 1
        while True:
            self._dock.waiting(
                "正在等助手回应…" + (f"（已等 {seconds} 秒，文字不会丢）" if seconds >= 4 else "")
            )
            await asyncio.sleep(1)
            seconds += 1

    def _warn(self, text: str) -> None:
        self._banner.clear()
        with self._banner:
            ui.label(text)
        self._banner.set_visibility(True)

    def _calm(self) -> None:
        self._awaiting_recovery = False
        self._banner.set_visibility(False)

    async def _watch_recovery(self) -> None:
        """While the banner shows: name what is down now, and take it away when all is well."""
        if self._ticks % 3:
            return
        state = await health.check(self._settings)
        if state.ok:
            self._calm()
            ui.notify("已恢复，可以继续。", position="top", color="dark", timeout=2500)

    async def _go(self, begin: Callable[[Viewer], int]) -> None:
        viewer = await self._viewer_now()
        if viewer is None:
            return
        with self._body:  # the row that was pressed may be gone by the time of the answer
            try:
                async with patience(self._opening, "正在打开接待…"):
                    visit_id = await asyncio.to_thread(begin, viewer)
            except (reception.Refused, reception.NotFound) as error:
                tell(str(error))
            except SQLAlchemyError:
                log.exception("no visit begun")
                tell(DATABASE_BUSY)
            else:
                ui.navigate.to(f"/visit/{visit_id}")

    async def _take(self, visit_id: int) -> None:
        await self._go(lambda viewer: reception.take(viewer, visit_id))

    async def _new(self, payload: str = "") -> None:
        """The next visit gets its own page; whom it is for may stand in the button."""
        await self._go(lambda viewer: reception.start_as_asked(viewer, payload))

    async def _take_over(self) -> None:
        viewer = await self._viewer_now()
        if viewer is None:
            return
        try:
            await asyncio.to_thread(reception.take_over, viewer, self._visit.id)
        except (reception.Refused, reception.NotFound) as error:
            tell(str(error))
        except SQLAlchemyError:
            log.exception("visit %s not taken over", self._visit.id)
            tell(DATABASE_BUSY)
            return
        await self._redraw()

    async def _set_short(self) -> None:
        short = bool(self._short.value)
        self._body.classes(add="short" if short else None, remove=None if short else "short")
        viewer = await self._viewer_now()
        if viewer is not None:
            try:
                await asyncio.to_thread(day.set_short_view, viewer, short)
            except SQLAlchemyError:
                log.exception("the view was not remembered")
                tell(DATABASE_BUSY)
