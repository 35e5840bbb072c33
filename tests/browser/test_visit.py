"""A whole visit of deck case 2, as an advisor lives it."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, TABLET, begin_visit, say
from tests.stack import Stack

WORDS = "别家给0.2%,我们0.25%太高，要撤指定"
PLACE = ".panel .place"


def to_first_step(page: Page, stack: Stack) -> None:
    begin_visit(page, stack, "20030418")
    say(page, WORDS)
    expect(page.locator(PLACE)).to_have_text("第 1 步 / 共 6 步")


def no_page_scroll(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollHeight <= innerHeight"))


def panel_fits(page: Page) -> bool:
    return bool(page.evaluate("(p => p.scrollHeight <= p.clientHeight)(document.querySelector('.panel'))"))


def test_a_whole_visit(advisor: Page, stack: Stack, shot) -> None:
    page = advisor
    to_first_step(page, stack)
    expect(page.locator(".client")).to_contain_text("143 天没有联系")
    expect(page.locator(".talk")).to_contain_text("佣金竞争")
    shot(page, "visit_step1")

    page.keyboard.press("1")
    expect(page.locator(PLACE)).to_have_text("第 2 步 / 共 6 步")
    expect(page.locator(".panel .say")).to_contain_text("斤女士")
    expect(page.locator(".commission .diff").first).to_have_text("50.00")
    assert no_page_scroll(page)
    assert panel_fits(page)
    shot(page, "visit_step2")
    page.set_viewport_size(TABLET)
    assert no_page_scroll(page)
    shot(page, "visit_step2_tablet")
    page.set_viewport_size(PHONE)
    expect(page.locator(".react").first).to_be_in_viewport()
    expect(page.locator(".panel .say")).to_be_in_viewport()
    shot(page, "visit_step2_phone")
    page.set_viewport_size(DESK)

    page.locator(".react", has_text="还在犹豫").click()
    expect(page.locator(PLACE)).to_have_text("第 3 步 / 共 6 步")
    page.locator(".react", has_text="坚持要走").click()
    expect(page.locator(".panel .case")).to_have_text("再试一周")
    page.locator(".react", has_text="坚持要走").click()
    expect(page.locator(".checklist li.todo", has_text="8.20")).to_be_visible()
    expect(page.locator(".due")).to_contain_text("办结")
    assert panel_fits(page)
    shot(page, "visit_exit")
    page.locator(".react", has_text="再试一周").click()
    expect(page.locator(".closed-text")).to_have_text("已登记为「再试一周」")
    expect(page.locator(".words-input")).to_be_hidden()
    shot(page, "visit_closed")

    page.get_by_role("button", name="改结果").click()
    page.locator(".react", has_text="离开").click()
    expect(page.locator(".closed-text")).to_have_text("已登记为「离开」")
    page.get_by_role("button", name="新的接待").click()
    expect(page.locator(".client h2")).to_have_text("还不知道是哪位")


def test_a_reload_finds_everything_again(advisor: Page, stack: Stack) -> None:
    page = advisor
    to_first_step(page, stack)
    page.locator(".react", has_text="下一步").click()
    expect(page.locator(PLACE)).to_have_text("第 2 步 / 共 6 步")
    page.locator(".react", has_text="她生气了").click()
    expect(page.locator(".panel .case")).to_have_text("客户生气了")
    before = page.locator(".lines").inner_text()
    said = page.locator(".panel .say").inner_text()
    page.reload()
    expect(page.locator(".panel .say")).to_have_text(said)
    assert page.locator(".lines").inner_text() == before
    pressed = page.locator(".bubble.pressed")
    assert pressed.all_inner_texts() == ["下一步", "她生气了"]
    assert "/next_step" not in page.content()


def test_two_tabs_show_the_same(advisor: Page, stack: Stack) -> None:
    page = advisor
    to_first_step(page, stack)
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.locator(PLACE)).to_have_text("第 1 步 / 共 6 步")
    other.locator(".react", has_text="下一步").click()
    for one in (page, other):
        expect(one.locator(PLACE)).to_have_text("第 2 步 / 共 6 步")
        expect(one.locator(".bubble.pressed:not(.pending)")).to_have_text("下一步")
    assert page.locator(".lines").inner_text() == other.locator(".lines").inner_text()


def test_a_client_number_is_no_shortcut(advisor: Page, stack: Stack) -> None:
    page = advisor
    to_first_step(page, stack)
    field = page.locator(".words-input textarea")
    field.press_sequentially("20030418", delay=100)
    page.wait_for_timeout(700)
    expect(field).to_have_value("20030418")
    field.fill("")
    page.keyboard.press("6")
    expect(page.locator(".bubble.pressed").last).to_have_text("换个说法")
    expect(field).to_have_value("")


def test_long_texts_markup_and_emoji(advisor: Page, stack: Stack) -> None:
    page = advisor
    begin_visit(page, stack, "20030418")
    say(page, "<img src=x onerror=alert(1)>😀 别家便宜。" + "客户说了很久。" * 1425)
    bubble = page.locator(".lines .bubble").first
    expect(bubble).to_contain_text("<img src=x onerror=alert(1)>😀")
    expect(bubble).to_contain_text("展开全文")
    expect(page.locator(".talk")).to_contain_text("太长")
    assert no_page_scroll(page)


def test_the_short_view_is_remembered(advisor: Page, stack: Stack, shot) -> None:
    page = advisor
    to_first_step(page, stack)
    expect(page.locator(".panel .tip")).to_be_visible()
    page.locator(".top-own .q-toggle").click()
    expect(page.locator(".panel .tip")).to_be_hidden()
    page.wait_for_timeout(500)
    page.reload()
    expect(page.locator(".panel .say")).to_be_visible()
    expect(page.locator(".panel .tip")).to_be_hidden()
    shot(page, "visit_short")
    page.locator(".top-own .q-toggle").click()
    expect(page.locator(".panel .tip")).to_be_visible()
    page.wait_for_timeout(500)


def test_taking_a_client_from_the_queue(advisor: Page, stack: Stack) -> None:
    page = advisor
    page.goto(stack.url)
    page.locator(".queue .take", has_text="乔先生").click()
    page.wait_for_url("**/visit/*")
    expect(page.locator(".client h2")).to_contain_text("乔先生")
    expect(page.locator(".waiting")).not_to_contain_text("乔先生")
