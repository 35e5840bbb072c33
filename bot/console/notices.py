"""Short words to a person who waits, or for whom something did not work."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from nicegui import ui

PATIENCE_SECONDS = 1.0
DATABASE_BUSY = "数据库暂时用不了，过几秒再点一次"


def tell(text: str) -> None:
    """Show a notice for some seconds."""
    ui.notify(text, position="top", color="dark")


@asynccontextmanager
async def patience(place: ui.element, text: str) -> AsyncIterator[None]:
    """Say in `place` what is being waited for, once it takes longer than a person expects."""
    lines: list[ui.label] = []

    async def say() -> None:
        await asyncio.sleep(PATIENCE_SECONDS)
        with place:
            lines.append(ui.label(text).classes("waiting-line"))

    waiting = asyncio.create_task(say())
    try:
        yield
    finally:
        waiting.cancel()
        for line in lines:
            if not line.is_deleted:
                line.delete()
