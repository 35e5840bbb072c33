"""The review page: texts the assistant was unsure of or read wrongly; a person says what they mean."""

from __future__ import annotations

import asyncio
import logging

from nicegui import ui
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response

from bot.console.loading import open_page
from bot.console.markup import day_text, esc
from bot.console.missing import missing
from bot.console.notices import DATABASE_BUSY, patience, tell
from bot.console.session import SignedIn
from bot.console.theme import button, frame
from bot.db.session import Viewer
from bot.gateway import day
from bot.learning import reviewing
from bot.learning.reviewing import Kept, ReviewError
from bot.playbook.book import playbook

log = logging.getLogger(__name__)

_NONE = "没有说离开的原因"
_KINDS = {"unsure": "没把握", "corrected": "被改过"}


def register() -> None:
    """Make the page known."""

    @ui.page("/review")
    async def show(request: Request) -> Response | None:
        async def draw(signed_in: SignedIn, viewer: Viewer) -> None:
            if reviewing.may_review(viewer):
                await ReviewPage(signed_in, viewer).build()
            else:
                missing("复核由培训师、主管、合规和管理员来做。")

        return await open_page(request, draw)


def title_of(label: str) -> str:
    """A reason's title, or the words for none."""
    return _NONE if label == reviewing.NONE else playbook().reason_title(label)


class ReviewPage:
    """One open review page."""

    def __init__(self, signed_in: SignedIn, viewer: Viewer) -> None:
        """For one reviewer."""
        self._signed_in, self._viewer = signed_in, viewer

    async def build(self) -> None:
        """Draw the page."""
        branch = await asyncio.to_thread(day.branch_name, self._viewer)
        frame(self._viewer, branch, "复核", "/review")
        with ui.element("main").classes("review"):
            ui.html(
                "<h1>复核</h1><p class=muted>助手没把握、或被顾问改过的话，姓名和号码已遮住。"
                "确认的会进入下一次训练：让管理员运行 <code>python -m bot.learning</code>，再 <code>make train</code>。</p>",
                sanitize=False,
            )
            self._patience = ui.element("div").props("role=status")
            self._count = ui.label().classes("block-title")
            self._rows = ui.element("div").classes("rows")
            button("下载已确认的", "btn").on("click", self._download)
        await self._refresh()

    async def _refresh(self) -> None:
        async with patience(self._patience, "正在读取…"):
            kept, total = await asyncio.to_thread(reviewing.waiting, self._viewer)
        more = f"，先显示 {len(kept)} 条" if total > len(kept) else ""
        self._count.set_text(f"待复核 {total} 条{more}")
        self._rows.clear()
        with self._rows:
            if not kept:
                ui.html(
                    "<div class=empty>没有要复核的。助手拿不准原因、或顾问点了别的原因时，这里会出现。</div>",
                    sanitize=False,
                )
            for one in kept:
                self._draw(one)

    def _draw(self, one: Kept) -> None:
        read = "、".join(f"{title_of(reason)} {probability:.0%}" for reason, probability in one.read)
        chosen = f"；顾问选了 {title_of(one.suggested)}" if one.suggested else ""
        with ui.element("article").classes("lk-block reading"):
            ui.html(
                f"<p class=said>{esc(one.text)}</p><small>{_KINDS[one.kind]} · {day_text(one.noted_at.date())}"
                f" · 读成 {esc(read)}{esc(chosen)}</small>",
                sanitize=False,
            )
            with ui.element("div").classes("decide"):
                options = {label: title_of(label) for label in reviewing.LABELS}
                choice = ui.select(options, value=one.proposal).props('dense outlined aria-label="原因"')
                button("确认", "btn primary").on("click", lambda: self._decide(one.id, str(choice.value)))
                button("丢弃", "btn").on("click", lambda: self._decide(one.id, None))

    async def _decide(self, reading_id: int, label: str | None) -> None:
        try:
            viewer = await asyncio.to_thread(self._signed_in.viewer)
            if viewer is None:
                ui.navigate.to("/login")
                return
            await asyncio.to_thread(reviewing.decide, viewer, reading_id, label)
            await self._refresh()
        except ReviewError as error:
            tell(str(error))
            await self._refresh()
        except SQLAlchemyError:
            log.exception("reading %s not decided", reading_id)
            tell(DATABASE_BUSY)

    async def _download(self) -> None:
        try:
            viewer = await asyncio.to_thread(self._signed_in.viewer)
            if viewer is None:
                ui.navigate.to("/login")
                return
            rows = await asyncio.to_thread(reviewing.confirmed, viewer)
        except ReviewError as error:
            tell(str(error))
            return
        except SQLAlchemyError:
            log.exception("confirmed readings not read")
            tell(DATABASE_BUSY)
            return
        if not rows:
            tell("还没有确认过的")
            return
        ui.download.content(reviewing.as_training_data(rows), "confirmed.yml")
