"""The JSON API: who may do what, and what is answered."""

from __future__ import annotations

import httpx
import pytest
from sqlalchemy import select

from bot.db.models import Branch, Client, Visit
from bot.db.session import system_session
from bot.visits import record
from bot.visits.desk import MAX_TEXT

NOBODY = "00000000"


def test_log_in_tells_name_and_branch(api, demo_password) -> None:
    answer = api.post("/api/login", json={"username": "advisor1", "password": demo_password})
    assert answer.status_code == 200
    body = answer.json()
    assert (body["name"], body["role"]) == ("周敏", "advisor")
    assert body["branch"]


def test_a_wrong_password_is_refused_and_then_has_to_wait(api, demo_password) -> None:
    wrong = {"username": "advisor1", "password": "wrong"}
    assert [api.post("/api/login", json=wrong).status_code for _ in range(6)] == [401] * 5 + [429]
    right = {"username": "advisor1", "password": demo_password}
    assert api.post("/api/login", json=right).status_code == 429
    assert api.post("/api/login", json={**right, "username": "advisor3"}).status_code == 200


def test_nothing_without_a_token(api) -> None:
    for method, path in (("get", "/api/queue"), ("post", "/api/visits"), ("get", "/api/visits/1")):
        assert getattr(api, method)(path).status_code == 401
    assert api.get("/api/queue", headers={"Authorization": "Bearer nonsense.x"}).status_code == 401


def test_a_visit_with_a_client(api, sign_in, rasa) -> None:
    me = sign_in("advisor1")
    made = api.post("/api/visits", json={"client_no": "20080808"}, headers=me)
    assert made.status_code == 404  # no such client
    made = api.post("/api/visits", json={}, headers=me)
    assert made.status_code == 201
    visit = made.json()
    answer = api.post(f"/api/visits/{visit['id']}/messages", json={"text": "他要转走"}, headers=me)
    assert answer.status_code == 200
    assert answer.json()["messages"] == [{"text": "好"}]
    assert rasa.sent[0]["message"] == "他要转走"
    assert rasa.sent[0]["sender"].startswith("console-")


def test_the_sender_is_never_the_callers_choice(api, sign_in, rasa) -> None:
    me = sign_in("advisor1")
    visit = api.post("/api/visits", json={}, headers=me).json()
    api.post(f"/api/visits/{visit['id']}/messages", json={"text": "你好", "sender": "other"}, headers=me)
    assert rasa.sent[0]["sender"] != "other"


def test_a_waiting_client_is_taken_once(api, sign_in, demo_anchor, monkeypatch) -> None:
    monkeypatch.setattr("bot.gateway.day.today", lambda: demo_anchor)
    me, colleague = sign_in("advisor1"), sign_in("advisor2")
    waiting = api.get("/api/queue", headers=me).json()
    assert len(waiting) == 8
    first = waiting[0]["visit_id"]
    assert api.post("/api/visits", json={"visit_id": first}, headers=me).status_code == 201
    assert api.post("/api/visits", json={"visit_id": first}, headers=colleague).status_code == 409
    assert len(api.get("/api/queue", headers=me).json()) == 7


def test_a_client_who_waits_is_taken_from_the_queue(api, sign_in, demo_anchor, monkeypatch) -> None:
    monkeypatch.setattr("bot.gateway.day.today", lambda: demo_anchor)
    monkeypatch.setattr("bot.gateway.reception.today", lambda: demo_anchor)
    me = sign_in("advisor1")
    made = api.post("/api/visits", json={"client_no": "20030418"}, headers=me)
    assert made.status_code == 201
    assert all(row["client"]["client_no"] != "20030418" for row in api.get("/api/queue", headers=me).json())


def test_another_branch_sees_nothing(api, sign_in) -> None:
    me, stranger = sign_in("advisor1"), sign_in("advisor3")
    visit = api.post("/api/visits", json={"client_no": "20030418"}, headers=me).json()
    assert api.get(f"/api/visits/{visit['id']}", headers=stranger).status_code == 404
    said = api.post(f"/api/visits/{visit['id']}/messages", json={"text": "你好"}, headers=stranger)
    assert said.status_code == 404
    assert api.post("/api/visits", json={"client_no": "20030418"}, headers=stranger).status_code == 404


def test_a_colleague_reads_but_does_not_talk(api, sign_in, rasa) -> None:
    me, colleague = sign_in("advisor1"), sign_in("advisor2")
    visit = api.post("/api/visits", json={}, headers=me).json()
    assert api.get(f"/api/visits/{visit['id']}", headers=colleague).status_code == 200
    said = api.post(f"/api/visits/{visit['id']}/messages", json={"text": "你好"}, headers=colleague)
    assert said.status_code == 409
    assert not rasa.sent


def test_rasa_down_is_503(api, sign_in, rasa) -> None:
    def refuse(_request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    rasa.answer = refuse
    me = sign_in("advisor1")
    visit = api.post("/api/visits", json={}, headers=me).json()
    said = api.post(f"/api/visits/{visit['id']}/messages", json={"text": "你好"}, headers=me)
    assert said.status_code == 503
    assert "助手" in said.json()["detail"]


def test_a_turn_that_was_not_written_down_is_503(api, sign_in, rasa) -> None:
    dead = {"type": "alert", "kind": "error", "text": "后台动作服务没有回应"}
    rasa.answer = lambda _request: httpx.Response(200, json=[{"text": "…", "custom": dead}])
    me = sign_in("advisor1")
    visit = api.post("/api/visits", json={}, headers=me).json()
    said = api.post(f"/api/visits/{visit['id']}/messages", json={"text": "你好"}, headers=me)
    assert (said.status_code, said.json()["detail"]) == (503, "后台动作服务没有回应")


def test_a_lost_answer_of_a_served_turn_is_no_fault(api, sign_in, rasa) -> None:
    serve = rasa.answer

    def lose(request: httpx.Request) -> httpx.Response:
        serve(request)
        raise httpx.ReadTimeout("lost")

    rasa.answer = lose
    me = sign_in("advisor1")
    visit = api.post("/api/visits", json={}, headers=me).json()
    said = api.post(f"/api/visits/{visit['id']}/messages", json={"text": "你好"}, headers=me)
    assert said.status_code == 200


def test_a_closed_visit_takes_only_its_outcome(api, sign_in, rasa) -> None:
    me = sign_in("advisor1")
    number = api.post("/api/visits", json={}, headers=me).json()["id"]
    with system_session() as session:
        session.get(Visit, number).status = "closed"
    messages = f"/api/visits/{number}/messages"
    assert api.post(messages, json={"text": "还有一件事"}, headers=me).status_code == 409
    correction = {"text": '/record_outcome{"outcome": "left"}'}
    assert api.post(messages, json=correction, headers=me).status_code == 200


def test_absurd_numbers_are_not_found(api, sign_in) -> None:
    me = sign_in("advisor1")
    for number in (0, -1, 2**40, 10**30):
        assert api.get(f"/api/visits/{number}", headers=me).status_code == 404


def test_health_names_each_part(api) -> None:
    answer = api.get("/api/health")
    assert answer.status_code == 503
    assert answer.json()["parts"] == {"gateway": True, "rasa": False, "actions": False, "database": True}


def test_a_visit_outlives_its_client_moving_away(api, sign_in) -> None:
    me = sign_in("advisor1")
    visit = api.post("/api/visits", json={"client_no": "20030418"}, headers=me).json()
    assert visit["client_no"] == "20030418"
    with system_session() as session:
        client = session.execute(select(Client).where(Client.client_no == "20030418")).scalar_one()
        elsewhere = select(Branch.id).where(Branch.id != client.branch_id).limit(1)
        client.branch_id = session.execute(elsewhere).scalar_one()
    answer = api.get(f"/api/visits/{visit['id']}", headers=me)
    assert (answer.status_code, answer.json()["client_no"]) == (200, None)


@pytest.mark.parametrize("text", ["  你好 \n", "长" * (MAX_TEXT + 7)])
def test_a_text_is_known_again_after_it_was_trimmed_and_cut(api, sign_in, rasa, text) -> None:
    me = sign_in("advisor1")
    number = api.post("/api/visits", json={}, headers=me).json()["id"]

    def serve(_request: httpx.Request) -> httpx.Response:
        with system_session() as session:
            kept = {"text": text.strip()[:MAX_TEXT]}
            record.append(session, session.get(Visit, number), "advisor_text", kept)
        return httpx.Response(200, json=[])

    rasa.answer = serve
    said = api.post(f"/api/visits/{number}/messages", json={"text": text}, headers=me)
    assert said.status_code == 200


def test_the_text_of_another_window_is_not_this_one(api, sign_in, rasa) -> None:
    me = sign_in("advisor1")
    number = api.post("/api/visits", json={}, headers=me).json()["id"]

    def lose(_request: httpx.Request) -> httpx.Response:
        with system_session() as session:
            record.append(session, session.get(Visit, number), "advisor_text", {"text": "另一个窗口"})
        raise httpx.ReadTimeout("lost")

    rasa.answer = lose
    said = api.post(f"/api/visits/{number}/messages", json={"text": "你好"}, headers=me)
    assert said.status_code == 503
