"""The playbook page: everything the assistant may say, to be read, searched and printed."""

from __future__ import annotations

import asyncio
from datetime import date
from functools import lru_cache

from nicegui import ui
from starlette.requests import Request
from starlette.responses import Response

from bot.clock import today
from bot.console import playbook_parts as parts
from bot.console.loading import open_page
from bot.console.markup import esc, joined
from bot.console.session import SignedIn
from bot.console.theme import frame
from bot.db.session import Viewer
from bot.gateway import day
from bot.playbook.book import playbook
from bot.visits.calendar import chinese_date


def register() -> None:
    """Make the page known."""

    @ui.page("/playbook")
    async def show(request: Request) -> Response | None:
        return await open_page(request, _draw)


async def _draw(_signed_in: SignedIn, viewer: Viewer) -> None:
    branch = await asyncio.to_thread(day.branch_name, viewer)
    frame(viewer, branch, "剧本", "/playbook")
    ui.html(page_html(today()), sanitize=False)


@lru_cache(maxsize=2)
def page_html(day_shown: date) -> str:
    """The whole page as of a day; what may be said changes with the day."""
    book = playbook()
    sections = (
        ("cases", "案例话术", parts.cases(book)),
        ("objections", "客户常问", parts.objections(book)),
        ("toolbox", "工具箱", parts.toolbox(book, day_shown)),
        ("principles", "原则与反应", parts.principles(book)),
        ("research", "佣金敏感性调研", parts.research(book)),
        ("exhibit", "改写对照", parts.exhibit(book)),
    )
    links = joined(f'<a href="#{key}">{title}</a>' for key, title, _ in sections)
    links += "<hr>" + joined(f'<a href="#case-{c.case}">{esc(c.title)}</a>' for c in parts.in_order(book))
    body = joined(
        f'<section class="pb-group" id="{key}"><h2>{title}</h2>{html}</section>'
        for key, title, html in sections
    )
    return f"""<main class="playbook"><nav class="pb-nav">{links}</nav><div class="pb-body">
<div class="pb-tools"><input class="pb-search" type="search" placeholder="在剧本里找：免五、道歉、转托管……" aria-label="搜索剧本">
<span class="pb-count" role="status"></span><button class="btn" type="button" data-act="open">全部展开</button>
<button class="btn" type="button" data-act="close">全部收起</button>
<button class="btn primary" type="button" data-act="print">打印</button></div>
<p class="muted pb-dated">截至 {day_shown.year}年{chinese_date(day_shown)}。〔〕里的内容在接待时自动换成客户自己的数。</p>{body}</div></main>"""
