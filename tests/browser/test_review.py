"""The review page: what the assistant was unsure of comes to a reviewer, masked, and leaves as training data."""

from __future__ import annotations

import sqlite3

import yaml
from playwright.sync_api import Page, expect

from tests.browser.conftest import begin_visit, log_in, say
from tests.stack import Stack

WORDS = "嗯 就是想换换风水 手机13800138000"


def test_a_corrected_reading_is_reviewed_and_downloaded(page: Page, stack: Stack, shot) -> None:
    log_in(page, stack)
    begin_visit(page, stack, "20040517")
    say(page, WORDS)
    expect(page.locator(".lines .bubble").first).to_be_visible()
    page.wait_for_timeout(1_500)
    say(page, "选降佣要求")
    page.wait_for_timeout(2_000)
    with sqlite3.connect(stack.database) as database:
        database.execute(
            "INSERT INTO reading (branch_id, noted_at, kind, text, read, suggested, status) VALUES"
            " (1, '2026-11-20 02:00:00.000000', 'unsure', '我就是想挪个窝换换手气', "
            " '[[\"heavy_loss\", 0.44], [\"other\", 0.31], [\"relocation\", 0.2]]', 'heavy_loss', 'open')"
        )
    expect(page.locator("header nav")).not_to_contain_text("复核")
    page.goto(f"{stack.url}/review")
    expect(page.locator(".missing")).to_contain_text("复核由")
    page.context.clear_cookies()
    log_in(page, stack, username="trainer1")
    page.locator("header nav").get_by_text("复核").click()
    first = page.locator(".reading", has_text="挪个窝")
    expect(first).to_contain_text("没把握")
    expect(first).to_contain_text("大额亏损 44%")
    expect(page.locator(".review")).not_to_contain_text("13800138000")
    shot(page, "review")
    page.set_viewport_size({"width": 390, "height": 844})
    shot(page, "review_phone")
    page.set_viewport_size({"width": 1366, "height": 768})
    first.get_by_role("button", name="确认").click()
    expect(page.locator(".reading", has_text="挪个窝")).to_have_count(0)
    with page.expect_download() as download:
        page.get_by_role("button", name="下载已确认的").click()
    text = download.value.path().read_text(encoding="utf-8")
    assert "- 我就是想挪个窝换换手气\n" in yaml.safe_load(text)["nlu"][0]["examples"]
