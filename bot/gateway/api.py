"""The public JSON API, documented at `/api/openapi.json`."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from bot.clients.identity import viewer_of
from bot.db.session import Viewer
from bot.gateway import attempts, day, health, reception, tokens
from bot.gateway.rasa import RasaClient
from bot.gateway.schemas import (
    Answer,
    Credentials,
    HealthReport,
    MessageIn,
    QueueRow,
    Token,
    VisitIn,
    VisitOut,
    visit_out,
)
from bot.gateway.sending import deliver
from bot.gateway.settings import Settings

router = APIRouter(prefix="/api")
_bearer = HTTPBearer(auto_error=False, description="由 POST /api/login 取得，12 小时有效")


def _settings(request: Request) -> Settings:
    return request.app.state.settings


def _rasa(request: Request) -> RasaClient:
    return request.app.state.rasa


def signed_in(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> Viewer:
    """The viewer of the bearer token, looked up anew: a dismissed person's token opens nothing."""
    secret = _settings(request).secret
    username = tokens.username_of(credentials.credentials, secret) if credentials else None
    viewer = viewer_of(username) if username else None
    if viewer is None:
        raise HTTPException(401, "请先登录（令牌缺失、无效或已过期）", {"WWW-Authenticate": "Bearer"})
    return viewer


Caller = Annotated[Viewer, Depends(signed_in)]


@router.get("/health", response_model=HealthReport, responses={503: {"model": HealthReport}})
async def healthy(request: Request, response: Response) -> HealthReport:
    """Which parts answer: 200 when all do, 503 otherwise."""
    state = await health.check(_settings(request))
    response.status_code = 200 if state.ok else 503
    return HealthReport(ok=state.ok, parts=state.parts)


@router.post("/login")
def login(credentials: Credentials, request: Request) -> Token:
    """Exchange name and password for a bearer token."""
    address = request.client.host if request.client else ""
    try:
        viewer = attempts.try_sign_in(credentials.username, credentials.password, address)
    except attempts.TooManyAttempts as error:
        raise HTTPException(429, str(error)) from None
    if viewer is None:
        raise HTTPException(401, attempts.WRONG)
    token, until = tokens.issue(viewer.username, _settings(request).secret)
    return Token(
        token=token,
        expires_at=datetime.fromtimestamp(until, timezone.utc),
        name=viewer.name,
        role=viewer.role,
        branch=day.branch_name(viewer),
    )


@router.get("/queue")
def queue(viewer: Caller) -> list[QueueRow]:
    """Today's waiting clients of the caller's branch."""
    return [QueueRow.of(entry) for entry in day.queue(viewer)]


@router.post("/visits", status_code=201)
def open_visit(wanted: VisitIn, viewer: Caller) -> VisitOut:
    """Begin a visit: of a client, of a waiting entry of the queue, or of nobody known yet."""
    try:
        if wanted.visit_id is not None:
            visit_id = reception.take(viewer, wanted.visit_id)
        else:
            visit_id = reception.start(viewer, wanted.client_no)
        return visit_out(viewer, visit_id)
    except reception.NotFound as error:
        raise HTTPException(404, str(error)) from None
    except reception.Refused as error:
        raise HTTPException(409, str(error)) from None


@router.get("/visits/{visit_id}")
def read_visit(visit_id: int, viewer: Caller) -> VisitOut:
    """A visit with everything that happened in it."""
    try:
        return visit_out(viewer, visit_id)
    except reception.NotFound as error:
        raise HTTPException(404, str(error)) from None


def visible(visit_id: int, viewer: Caller) -> reception.VisitView:
    """The visit, if the caller may see it."""
    try:
        return reception.view(viewer, visit_id)
    except reception.NotFound as error:
        raise HTTPException(404, str(error)) from None


@router.post("/visits/{visit_id}/messages")
async def send(
    request: Request,
    message: MessageIn,
    viewer: Caller,
    visit: Annotated[reception.VisitView, Depends(visible)],
) -> Answer:
    """Say something in a visit: the client's words, a reaction, or a button's payload.

    503 means that nothing was written down: send it again later.
    """
    outcome = await deliver(_rasa(request), viewer, visit, message.text)
    if outcome.refused:
        raise HTTPException(409, outcome.problem)
    if not outcome.recorded:
        raise HTTPException(503, outcome.problem)
    return Answer(visit_id=outcome.moved_to or visit.id, messages=outcome.messages)
