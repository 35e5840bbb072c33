"""A part that is down: named in a banner, and not a word is lost."""

from __future__ import annotations

import sqlite3

from playwright.sync_api import Page, expect

from tests.browser.conftest import begin_visit, say, wait_healthy
from tests.stack import Stack

WORDS = "别家给0.2%,我们0.25%太高，要撤指定"


def test_a_dead_action_server_keeps_the_text(advisor: Page, stack: Stack, shot) -> None:
    page = advisor
    begin_visit(page, stack, "20030418")
    field = page.locator(".words-input textarea")
    stack.stop("actions")
    try:
        say(page, WORDS)
        expect(page.locator(".banner")).to_contain_text("动作服务", timeout=30_000)
        expect(field).to_have_value(WORDS)
        shot(page, "actions_down")
    finally:
        stack.start("actions")
        wait_healthy(stack)
    expect(page.locator(".banner")).to_be_hidden(timeout=30_000)
    expect(field).to_have_value(WORDS)
    field.press("Enter")
    expect(page.locator(".panel .place")).to_have_text("第 1 步 / 共 6 步")
    expect(field).to_have_value("")
    assert page.locator(".lines .bubble").count() == 1


def test_rasa_down_is_named(advisor: Page, stack: Stack, shot) -> None:
    page = advisor
    begin_visit(page, stack, "20030418")
    stack.stop("rasa")
    try:
        say(page, WORDS)
        expect(page.locator(".banner")).to_contain_text("Rasa", timeout=30_000)
        expect(page.locator(".words-input textarea")).to_have_value(WORDS)
        shot(page, "rasa_down")
        page.reload()  # what was typed outlives even a reload
        expect(page.locator(".words-input textarea")).to_have_value(WORDS)
    finally:
        stack.start("rasa")
        wait_healthy(stack, 120)
    page.locator(".words-input textarea").press("Enter")
    expect(page.locator(".panel .place")).to_have_text("第 1 步 / 共 6 步")


def test_an_unreadable_database_is_said_and_the_page_comes_back_by_itself(
    advisor: Page, stack: Stack, shot
) -> None:
    page = advisor
    with sqlite3.connect(stack.database) as database:
        database.execute("ALTER TABLE staff RENAME TO staff_away")
    try:
        page.goto(stack.url)
        expect(page.get_by_role("heading", name="数据库暂时用不了")).to_be_visible()
        shot(page, "database_down")
        page.goto(f"{stack.url}/login")
        page.fill("[name=username]", stack.username)
        page.fill("[name=password]", stack.password)
        page.get_by_role("button", name="登录").click()
        expect(page.locator(".fault")).to_contain_text("数据库暂时用不了")
        page.goto(stack.url)
    finally:
        with sqlite3.connect(stack.database) as database:
            database.execute("ALTER TABLE staff_away RENAME TO staff")
    expect(page.locator(".home .queue")).to_be_visible(timeout=20_000)
