"""A real browser against the real assistant. Screenshots go to `var/screenshots/`."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from bot.db.engine import PROJECT_ROOT
from tests.stack import Stack

SCREENSHOTS = PROJECT_ROOT / "var" / "screenshots"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
DESK = {"width": 1366, "height": 768}
TABLET = {"width": 820, "height": 1180}
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a window; each launch has a new profile."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, headless=True, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page nobody is signed in on; any script error fails the test."""
    context = browser.new_context(viewport=DESK, locale="zh-CN")
    errors: list[str] = []
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert not errors, errors


@pytest.fixture
def advisor(page: Page, stack: Stack) -> Page:
    """The home page of the demo's advisor."""
    log_in(page, stack)
    return page


@pytest.fixture
def shot() -> Callable[[Page, str], Path]:
    """Takes a screenshot by name."""

    def take(page: Page, name: str) -> Path:
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        page.wait_for_timeout(250)  # lets the browser finish what it is fading in
        file = SCREENSHOTS / f"{name}.png"
        page.screenshot(path=file)
        return file

    return take


def log_in(page: Page, stack: Stack, password: str | None = None, username: str | None = None) -> None:
    """Fill the form; waits for the home page unless another password was given."""
    page.goto(f"{stack.url}/login")
    page.fill("[name=username]", username or stack.username)
    page.fill("[name=password]", stack.password if password is None else password)
    page.get_by_role("button", name="登录").click()
    if password is None:
        page.wait_for_selector(".home .queue")


def say(page: Page, text: str) -> None:
    """Type a text into the visit and send it."""
    field = page.locator(".words-input textarea")
    field.fill(text)
    field.press("Enter")


def begin_visit(page: Page, stack: Stack, client_no: str) -> None:
    """A new visit with a client, from the search box."""
    page.goto(stack.url)
    page.fill(".search input", client_no)
    page.locator(".found .take").first.click()
    page.wait_for_url("**/visit/*")
    page.wait_for_selector(f".client h2 >> text={client_no}")


def wait_healthy(stack: Stack, seconds: float = 60.0) -> None:
    """Wait until every part answers again."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{stack.url}/api/health", trust_env=False, timeout=5).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.3)
    raise AssertionError("the assistant did not recover")
