"""The REST channel on a real Sanic server: one message with all its parts, never silence, bad payloads refused."""

from __future__ import annotations

import asyncio
import socket
import threading
from asyncio import CancelledError
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import httpx
import pytest
from rasa.core.channels.channel import UserMessage, register
from sanic import Sanic

from bot.channels.cards import CardInput, CardOutput
from bot.playbook.book import playbook

Handler = Callable[[UserMessage], Awaitable[Any]]
STEP = {"type": "step", "case": "heavy_loss", "step": 1, "of": 4, "say": "您说，我听着。"}
BUTTONS = [{"title": "下一步", "payload": "/next_step"}]
SILENCE = playbook().messages["no_answer"]
NO_ANSWER = [
    {"recipient_id": "s1", "text": SILENCE, "custom": {"type": "alert", "kind": "error", "text": SILENCE}}
]


class Seat:
    """The channel's routes on a free port; `handler` stands where Rasa's agent does."""

    def __init__(self) -> None:
        self.handler: Handler = silent
        self.address = ""
        self._ready, self._stop = threading.Event(), asyncio.Event()
        self._loop = asyncio.new_event_loop()
        # One server for all tests: Sanic rewrites its own methods at the first start and cannot do it twice.
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=[self._serve()])

    async def _serve(self) -> None:
        async def handle(message: UserMessage) -> None:
            await self.handler(message)

        app = Sanic(f"cards_{uuid4().hex}")
        app.blueprint(CardInput().blueprint(handle), url_prefix="/webhooks/rest")
        listening = socket.create_server(("127.0.0.1", 0))
        server = await app.create_server(sock=listening, return_asyncio_server=True, access_log=False)
        assert server is not None
        await server.startup()
        self.address = f"http://127.0.0.1:{listening.getsockname()[1]}/webhooks/rest"
        self._ready.set()
        await self._stop.wait()
        server.close()
        await server.wait_closed()

    def __enter__(self) -> Seat:
        self._thread.start()
        assert self._ready.wait(20)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(20)
        self._loop.close()


@pytest.fixture(scope="module")
def seat() -> Iterator[Seat]:
    with Seat() as served:
        yield served


@asynccontextmanager
async def serving(seat: Seat, handler: Handler) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the channel, with this handler behind it."""
    seat.handler = handler
    async with httpx.AsyncClient(base_url=seat.address) as client:
        yield client


async def step_and_word(message: UserMessage) -> None:
    output = message.output_channel
    assert output is not None
    await output.send_response(
        message.sender_id, {"text": "第 1/4 步", "buttons": BUTTONS, "custom": STEP, "elements": []}
    )
    await output.send_response(message.sender_id, {"text": "好", "buttons": [], "custom": {}, "image": None})


async def silent(_: UserMessage) -> None:
    return None


async def raising(_: UserMessage) -> None:
    raise RuntimeError("broken")


async def cancelled(_: UserMessage) -> None:
    raise CancelledError


async def test_a_step_is_one_message_with_text_buttons_and_card(seat: Seat) -> None:
    async with serving(seat, step_and_word) as client:
        answer = await client.post("/webhook", json={"sender": "s1", "message": "亏太多"})
    assert answer.status_code == 200
    assert answer.json() == [
        {"recipient_id": "s1", "text": "第 1/4 步", "buttons": BUTTONS, "custom": STEP},
        {"recipient_id": "s1", "text": "好"},
    ]


async def test_the_handler_gets_what_was_sent(seat: Seat) -> None:
    seen: list[UserMessage] = []

    async def listening(message: UserMessage) -> None:
        seen.append(message)

    async with serving(seat, listening) as client:
        await client.post("/webhook", json={"sender": "s1", "message": "亏太多", "metadata": {"seat": 3}})
    (message,) = seen
    assert (message.sender_id, message.text, message.input_channel, message.metadata) == (
        "s1", "亏太多", "rest", {"seat": 3},
    )  # fmt: skip
    assert isinstance(message.output_channel, CardOutput)


@pytest.mark.parametrize("handler", [silent, raising, cancelled])
async def test_silence_is_told_in_chinese(seat: Seat, handler: Handler) -> None:
    async with serving(seat, handler) as client:
        answer = await client.post("/webhook", json={"sender": "s1", "message": "亏太多"})
    assert (answer.status_code, answer.json()) == (200, NO_ANSWER)


async def test_what_was_said_before_a_fault_is_kept(seat: Seat) -> None:
    async def half(message: UserMessage) -> None:
        await step_and_word(message)
        raise RuntimeError("broken")

    async with serving(seat, half) as client:
        answer = await client.post("/webhook", json={"sender": "s1", "message": "亏太多"})
    assert [m["text"] for m in answer.json()] == ["第 1/4 步", "好"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"message": "亏太多"},
        {"sender": "s1"},
        {"sender": 1, "message": "x"},
        {"sender": "s1", "message": 1},
        {"sender": "s1", "message": None},
        {"sender": ["s1"], "message": {"text": "x"}},
    ],
)
async def test_a_bad_payload_is_refused(seat: Seat, body: Any) -> None:
    async with serving(seat, step_and_word) as client:
        answer = await client.post("/webhook", json=body)
    assert answer.status_code == 400
    assert "error" in answer.json()


async def test_broken_json_is_refused(seat: Seat) -> None:
    async with serving(seat, step_and_word) as client:
        answer = await client.post(
            "/webhook", content=b"{broken", headers={"content-type": "application/json"}
        )
    assert answer.status_code == 400


@pytest.mark.parametrize("body", [b"[]", b"null", b'"text"', b"1", b""])
async def test_a_body_that_is_no_object_is_refused(seat: Seat, body: bytes) -> None:
    async with serving(seat, step_and_word) as client:
        answer = await client.post("/webhook", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 400


async def test_health(seat: Seat) -> None:
    async with serving(seat, silent) as client:
        answer = await client.get("/")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


async def test_two_seats_at_once_get_each_their_own(seat: Seat) -> None:
    async def echo(message: UserMessage) -> None:
        await asyncio.sleep(0.02 if message.sender_id == "s1" else 0)
        assert message.output_channel is not None
        await message.output_channel.send_response(
            message.sender_id, {"text": f"{message.sender_id}:{message.text}"}
        )

    async with serving(seat, echo) as client:
        answers = await asyncio.gather(
            *(client.post("/webhook", json={"sender": s, "message": "在"}) for s in ("s1", "s2", "s3"))
        )
    assert [a.json()[0]["text"] for a in answers] == ["s1:在", "s2:在", "s3:在"]


def test_rasa_finds_it_under_the_usual_address() -> None:
    assert CardInput.name() == "rest"
    app = Sanic(f"rasa_{uuid4().hex}")
    register([CardInput()], app, "/webhooks/")
    assert {route.path.strip("/") for route in app.router.routes} >= {
        "webhooks/rest",
        "webhooks/rest/webhook",
    }
