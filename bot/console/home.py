"""The day's page: who waits, what was promised for today, what was done."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from nicegui import ui
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response

from bot.clients.finding import ClientBrief, QueueEntry
from bot.clock import today
from bot.console.aside import waiting_note, waiting_text
from bot.console.loading import open_page
from bot.console.markup import clock, day_text, div, esc, text_div
from bot.console.notices import DATABASE_BUSY, patience, tell
from bot.console.session import SignedIn
from bot.console.theme import button, frame
from bot.db.session import Viewer
from bot.gateway import day, health, reception
from bot.gateway.settings import Settings
from bot.playbook.book import playbook

log = logging.getLogger(__name__)

REFRESH_SECONDS = 5.0
HEALTH_EVERY = 3


def register(settings: Settings) -> None:
    """Make the page known."""

    @ui.page("/")
    async def home(request: Request) -> Response | None:
        return await open_page(request, lambda *found: HomePage(settings, *found).build())


class HomePage:
    """One open home page."""

    def __init__(self, settings: Settings, signed_in: SignedIn, viewer: Viewer) -> None:
        """For one person."""
        self._settings = settings
        self._signed_in = signed_in
        self._viewer = viewer
        self._shown: dict[str, object] = {}
        self._opening = False
        self._down = ""
        self._ticks = 0

    async def build(self) -> None:
        """Draw the page, and keep its lists fresh."""
        branch = await asyncio.to_thread(day.branch_name, self._viewer)
        frame(self._viewer, branch, "首页", "/")
        self._main = ui.element("main").classes("home")
        with self._main:
            with ui.element("section").classes("start"):
                self._search = (
                    ui.input(placeholder="找客户：姓名、客户号或手机尾号")
                    .props('outlined dense clearable debounce=250 autocomplete=off aria-label="找客户"')
                    .classes("search")
                    .on_value_change(self._find)
                )
                button("新的接待", "btn primary").on("click", lambda: self._go(reception.start))
                self._patience = ui.element("div").props("role=status")
                self._found = ui.element("div").classes("found")
            with ui.element("section").classes("lk-block queue"):
                self._queue_title = ui.label().classes("block-title")
                self._queue = ui.element("div").classes("rows")
            with ui.element("section").classes("lk-block tasks"):
                ui.label("回访").classes("block-title")
                self._tasks = ui.element("div").classes("rows")
            with ui.element("section").classes("lk-block done"):
                ui.label("今天的接待").classes("block-title")
                self._done = ui.element("div").classes("rows")
        self._banner = ui.label().classes("banner low").props("role=status")
        self._banner.set_visibility(False)
        await self._refresh()
        ui.timer(REFRESH_SECONDS, self._follow, immediate=False)

    async def _follow(self) -> None:
        """Keep the lists fresh, and say when a part is down: better now than before a client."""
        self._ticks += 1
        await self._refresh()
        if self._down or self._ticks % HEALTH_EVERY == 0:
            state = await health.check(self._settings)
            self._warn(f"{'、'.join(state.down)} 没有回应，正在重试。" if state.down else "")

    def _warn(self, text: str) -> None:
        self._down = text
        self._banner.set_text(text)
        self._banner.set_visibility(bool(text))

    async def _viewer_now(self) -> Viewer | None:
        viewer = await asyncio.to_thread(self._signed_in.viewer)
        if viewer is None:
            ui.navigate.to("/login")
        return viewer

    async def _go(self, begin: Callable[[Viewer], int]) -> None:
        """Begin a visit and open its page."""
        if self._opening:  # a second click must not begin a second visit
            return
        self._opening = True
        with self._main:  # the row that was pressed may be gone by the time of the answer
            try:
                async with patience(self._patience, "正在打开接待…"):
                    viewer = await self._viewer_now()
                    if viewer is None:
                        return
                    visit_id = await asyncio.to_thread(begin, viewer)
            except (reception.Refused, reception.NotFound) as error:
                tell(str(error))
                await self._refresh()
            except SQLAlchemyError:
                log.exception("no visit begun")
                tell(DATABASE_BUSY)
            else:
                ui.navigate.to(f"/visit/{visit_id}")
            finally:
                self._opening = False

    async def _refresh(self) -> None:
        try:
            viewer = await self._viewer_now()
            if viewer is None:
                return
            waiting, tasks, visits = await asyncio.to_thread(
                lambda: (day.queue(viewer), day.tasks(viewer), day.visits_of_today(viewer))
            )
        except SQLAlchemyError:
            log.exception("database not available")
            self._warn("数据库没有回应，正在重试。")
            return
        self._queue_title.set_text(f"今天的排队 · {waiting_note(waiting)}")
        self._draw("queue", waiting, self._queue, lambda: self._draw_queue(waiting))
        self._draw("tasks", (today(), tasks), self._tasks, lambda: self._draw_tasks(tasks))
        minutes = [visit.minutes for visit in visits]
        self._draw("done", (visits, minutes), self._done, lambda: self._draw_visits(visits))

    def _draw(self, name: str, content: object, place: ui.element, draw: Callable[[], None]) -> None:
        """Redraw a list only when it changed: nothing may jump under a hand that is about to click."""
        if self._shown.get(name) == content:
            return
        self._shown[name] = content
        place.clear()
        with place:
            draw()

    def _draw_queue(self, waiting: list[QueueEntry]) -> None:
        if not waiting:
            _empty("现在没有人在等。客户来了就点「新的接待」，或先在上面找到他的资料。")
        for entry in waiting:
            who, what = waiting_text(entry)
            with button("", "lk-row take").on("click", lambda e=entry: self._take(e.visit_id)):
                ui.html(f"<b>{esc(who)}</b><span>{esc(what)}</span><i>接待</i>", sanitize=False)

    async def _take(self, visit_id: int) -> None:
        await self._go(lambda viewer: reception.take(viewer, visit_id))

    def _draw_tasks(self, tasks: list[day.Task]) -> None:
        if not tasks:
            _empty("近三天没有要回访的客户。登记接待结果时会自动排上回访。")
        for task in tasks:
            late = not task.done and task.due_on < today()
            state = "done" if task.done else "late" if late else ""
            when = f"{day_text(task.due_on)}{' · 已过期' if late else ''}"
            with ui.element("div").classes(f"lk-row task {state}"):
                ui.html(
                    f"<b>{esc(task.client)}</b><span>{esc(task.topic)}</span><small>{esc(when)}</small>",
                    sanitize=False,
                )
                title = "撤销" if task.done else "完成"
                button(title, "btn small").on("click", lambda t=task: self._tick(t))

    async def _tick(self, task: day.Task) -> None:
        try:
            viewer = await self._viewer_now()
            if viewer is None:
                return
            await asyncio.to_thread(day.tick, viewer, task.id, not task.done)
        except SQLAlchemyError:
            log.exception("follow-up %s not ticked", task.id)
            tell(DATABASE_BUSY)
            return
        await self._refresh()

    def _draw_visits(self, visits: list[day.DoneVisit]) -> None:
        if not visits:
            _empty("今天还没有接待。从左边的排队里点一位开始。")
        titles = playbook().reason_title
        for visit in visits:
            outcome = reception.outcome_title(visit.outcome)
            outcome = outcome or ("进行中" if visit.closed_at is None else "未登记")
            reason = titles(visit.reason) if visit.reason else "原因未明"
            since = (
                clock(visit.opened_at)
                if visit.opened_at.date() == today()
                else day_text(visit.opened_at.date())
            )
            state = "open" if visit.closed_at is None else str(visit.outcome)
            ui.html(
                f'<a class="lk-row done-visit" href="/visit/{visit.id}"><b>{esc(visit.client)}</b>'
                f"<span>{esc(since)} 起 · {_duration(visit)} · {esc(reason)}</span>"
                + text_div(f"badge {state}", outcome, "i")
                + "</a>",
                sanitize=False,
            )

    async def _find(self) -> None:
        text = str(self._search.value or "").strip()
        try:
            async with patience(self._patience, "正在查找…"):
                viewer = await self._viewer_now()
                if viewer is None:
                    return
                clients = await asyncio.to_thread(reception.search, viewer, text) if text else []
        except SQLAlchemyError:
            log.exception("no search")
            tell(DATABASE_BUSY)
            return
        if text != str(self._search.value or "").strip():  # meanwhile something else was typed
            return
        self._found.clear()
        with self._found:
            if text and not clients:
                _empty("没有查到（只查得到本营业部的）。可以打姓名、客户号，或至少三位手机尾号。")
            for client in clients:
                self._draw_client(client)

    def _draw_client(self, client: ClientBrief) -> None:
        async def begin() -> None:
            await self._go(lambda viewer: reception.start(viewer, client.client_no))

        with button("", "lk-row take").on("click", begin):
            line = f"{client.client_no} · 尾号 {client.phone_tail} · {client.opened_on:%Y} 年开户"
            ui.html(f"<b>{esc(client.name)}</b><span>{esc(line)}</span><i>接待</i>", sanitize=False)


def _duration(visit: day.DoneVisit) -> str:
    minutes = visit.minutes
    return (
        f"{minutes} 分钟"
        if minutes < 60
        else f"{minutes // 60} 小时 {minutes % 60} 分"
        if minutes < 1440
        else "跨天"
    )


def _empty(text: str) -> None:
    ui.html(div("empty", esc(text)), sanitize=False)
