"""Reading, searching and printing the playbook."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.stack import Stack


def test_search_filters_and_finds(advisor: Page, stack: Stack, shot) -> None:
    page = advisor
    page.goto(f"{stack.url}/playbook")
    expect(page.locator("#cases details")).to_have_count(12)
    shot(page, "playbook")
    page.fill(".pb-search", "免五")
    expect(page.locator(".pb-count")).to_contain_text("找到")
    expect(page.locator("#objections")).to_contain_text("免五")
    expect(page.locator("#research")).to_be_hidden()
    shot(page, "playbook_search")
    page.fill(".pb-search", "没有这样的词儿")
    expect(page.locator(".pb-count")).to_have_text("没有找到，换个词试试")
    page.fill(".pb-search", "")
    expect(page.locator("#research")).to_be_visible()


def test_a_case_shows_placeholders_and_the_law(advisor: Page, stack: Stack, shot) -> None:
    page = advisor
    page.goto(f"{stack.url}/playbook")
    page.locator(".pb-nav").get_by_text("佣金竞争").click()
    case = page.locator("#case-commission_competition")
    expect(case).to_contain_text("〔称呼〕")
    expect(case.locator(".law").first).to_be_visible()
    assert "{" not in case.inner_text()
    shot(page, "playbook_case")


def test_printing_expands_everything(advisor: Page, stack: Stack) -> None:
    page = advisor
    page.goto(f"{stack.url}/playbook")
    page.wait_for_selector("#cases details")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator("#cases details:not([open])").count() == 0
    expect(page.locator(".pb-tools")).to_be_hidden()
    expect(page.locator(".top")).to_be_hidden()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator("#cases details[open]").count() == 0
