"""Settings, tokens, limits and the Rasa client, each by itself."""

from __future__ import annotations

import stat

import httpx
import pytest

from bot.db.engine import PROJECT_ROOT
from bot.gateway import tokens
from bot.gateway.attempts import MOST_OF_USER, WINDOW_SECONDS, Attempts, TooManyAttempts
from bot.gateway.rasa import RasaClient, RasaUnavailable
from bot.gateway.settings import Settings, SettingsError, load_settings, var_dir

SECRET = "a-secret-for-tests-only"


def test_the_secret_is_made_once_and_private(tmp_path, monkeypatch) -> None:
    monkeypatch.delenv("LIUKE_SECRET", raising=False)
    file = tmp_path / "var" / "secret"
    first = load_settings(file)
    assert load_settings(file).secret == first.secret
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert first.secret not in repr(first)


def test_ports_come_from_the_environment(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("LIUKE_RASA_PORT", "6005")
    monkeypatch.setenv("LIUKE_SECRET", SECRET)
    assert load_settings(tmp_path / "s").rasa_url == "http://127.0.0.1:6005"


def test_everything_written_lies_under_liuke_var(tmp_path, monkeypatch) -> None:
    monkeypatch.delenv("LIUKE_SECRET", raising=False)
    monkeypatch.delenv("LIUKE_VAR", raising=False)
    assert var_dir() == PROJECT_ROOT / "var"
    monkeypatch.setenv("LIUKE_VAR", str(tmp_path / "mine"))
    secret = load_settings().secret
    assert (tmp_path / "mine" / "secret").read_text().strip() == secret
    (tmp_path / "mine" / "secret").write_text("short")
    with pytest.raises(SettingsError, match="mine"):
        load_settings()


def test_the_address_can_be_clicked_and_cookies_of_two_copies_differ() -> None:
    assert Settings(port=8081).address == "http://127.0.0.1:8081"
    assert Settings(port=8081).session_cookie != Settings(port=8082).session_cookie


@pytest.mark.parametrize("value", ["0", "70000", "abc", "-1"])
def test_a_bad_port_is_named(value, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("LIUKE_PORT", value)
    with pytest.raises(SettingsError, match="LIUKE_PORT"):
        load_settings(tmp_path / "s")


def test_a_token_names_its_owner_until_it_ends() -> None:
    token, until = tokens.issue("张三", SECRET, now=1000)
    assert until == 1000 + 12 * 3600
    assert tokens.username_of(token, SECRET, now=1001) == "张三"
    assert tokens.username_of(token, SECRET, now=until) is None


def test_a_forged_token_names_nobody() -> None:
    token, _ = tokens.issue("advisor1", SECRET)
    other, _ = tokens.issue("admin", "another-secret-of-somebody")
    body, signature = token.split(".")
    for forged in (
        other,
        body,
        f"{body}.",
        f".{signature}",
        token[:-1] + "0z"[token[-1] == "0"],
        "",
        "。",
        "a" * 9999,
    ):
        assert tokens.username_of(forged, SECRET) is None


def test_failures_are_limited_per_user_and_address() -> None:
    now = [0.0]
    limit = Attempts(lambda: now[0])
    for _ in range(MOST_OF_USER):
        limit.begin("Advisor1", "10.0.0.1")
    with pytest.raises(TooManyAttempts, match="5 分钟"):
        limit.begin("advisor1 ", "10.0.0.1")
    limit.begin("advisor1", "10.0.0.2")
    limit.begin("advisor2", "10.0.0.1")
    now[0] = WINDOW_SECONDS + 1
    limit.begin("advisor1", "10.0.0.1")


def test_success_starts_the_count_anew() -> None:
    limit = Attempts(lambda: 0.0)
    for _ in range(100):
        limit.begin("advisor1", "10.0.0.1")
        limit.succeeded("advisor1", "10.0.0.1")


def client(answer: httpx.Response | Exception) -> RasaClient:
    def handle(_request: httpx.Request) -> httpx.Response:
        if isinstance(answer, Exception):
            raise answer
        return answer

    return RasaClient(Settings(secret=SECRET), httpx.MockTransport(handle))


async def test_messages_are_handed_on() -> None:
    messages = [{"text": "好", "custom": {"type": "alert"}}, "no message"]
    assert await client(httpx.Response(200, json=messages)).send("s", "你好") == messages[:1]


@pytest.mark.parametrize(
    "answer",
    [
        httpx.ConnectError("refused"),
        httpx.ReadTimeout("slow"),
        httpx.Response(500),
        httpx.Response(200, text="<html>"),
        httpx.Response(200, json={"no": "list"}),
    ],
)
async def test_no_answer_is_an_exception_in_chinese(answer) -> None:
    with pytest.raises(RasaUnavailable, match="助手"):
        await client(answer).send("s", "你好")


async def test_the_token_is_sent() -> None:
    seen: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json=[])

    await RasaClient(Settings(secret=SECRET, rasa_token="t"), httpx.MockTransport(handle)).send("s", "x")
    assert seen[0].url.params["token"] == "t"


@pytest.mark.parametrize(("token", "expected"), [("of-this-start", "of-this-start"), ("", None)])
async def test_the_service_token_is_sent_when_there_is_one(token, expected, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("LIUKE_SERVICE_TOKEN", token)
    monkeypatch.setenv("LIUKE_SECRET", SECRET)
    seen: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json=[])

    settings = load_settings(tmp_path / "s")
    await RasaClient(settings, httpx.MockTransport(handle)).send("s", "x")
    assert seen[0].headers.get("X-Liuke-Token") == expected
    assert "of-this-start" not in repr(settings)
