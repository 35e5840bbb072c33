"""Signing in and out."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import log_in
from tests.stack import Stack


def test_the_right_password_leads_home(page: Page, stack: Stack, shot) -> None:
    page.goto(stack.url)
    expect(page).to_have_url(f"{stack.url}/login?next=/")
    shot(page, "login")
    log_in(page, stack)
    expect(page.locator(".who b")).to_have_text("周敏")
    expect(page.locator(".queue")).to_contain_text("李女士")
    shot(page, "home")


def test_a_wrong_password_is_said_plainly(page: Page, stack: Stack, shot) -> None:
    log_in(page, stack, password="wrong")
    expect(page.get_by_role("alert")).to_have_text("用户名或密码不对，请再试一次。")
    expect(page.locator("[name=username]")).to_have_value(stack.username)
    shot(page, "login_wrong")


def test_every_page_asks_for_the_log_in(page: Page, stack: Stack) -> None:
    for path in ("/", "/playbook", "/visit/1"):
        page.goto(stack.url + path)
        expect(page).to_have_url(f"{stack.url}/login?next={path}")


def test_after_signing_out_the_session_is_gone(advisor: Page, stack: Stack) -> None:
    stolen = advisor.context.cookies()
    advisor.get_by_role("button", name="退出").click()
    expect(advisor.get_by_role("button", name="登录")).to_be_visible()
    advisor.context.add_cookies(stolen)
    advisor.goto(stack.url)
    expect(advisor.get_by_role("button", name="登录")).to_be_visible()


def test_a_visit_of_nowhere_is_not_found(advisor: Page, stack: Stack) -> None:
    advisor.goto(f"{stack.url}/visit/99999999")
    expect(advisor.get_by_text("没有这次接待")).to_be_visible()
