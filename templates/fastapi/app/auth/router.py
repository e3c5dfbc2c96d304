"""/api/v1/auth"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Header, Query, Response
from sqlalchemy import delete, select

from app.auth import service, tokens
from app.auth.dependencies import CurrentSession
from app.auth.models import AuthSession
from app.auth.schemas import (
    ChangePassword,
    Login,
    MailAddress,
    MailToken,
    Refresh,
    Register,
    ResetPassword,
    SessionRead,
    TokenPair,
)
from app.core.database import DB, now
from app.core.errors import not_found
from app.core.limits import ClientIP, RateLimiter
from app.core.openapi import problems
from app.core.pagination import Page, PageQuery, paginate

router = APIRouter(prefix="/auth", tags=["auth"])


def accepted() -> Response:
    """The same for known and unknown addresses; what there is to say goes into the mail."""
    return Response(status_code=202)


@router.post("/register", status_code=202, response_class=Response, responses=problems(429))
async def register(
    body: Register, db: DB, limiter: RateLimiter, ip: ClientIP, background: BackgroundTasks
) -> Response:
    await limiter.hit("register", ip, body.email)
    # The session stays open until these tasks have ended: they may use it.
    if await service.register(db, body):
        background.add_task(service.send_verification, db, body.email)
    else:
        background.add_task(service.send_already_registered, body.email)
    return accepted()


@router.post("/login", responses=problems(401, 429))
async def log_in(
    body: Login,
    db: DB,
    limiter: RateLimiter,
    ip: ClientIP,
    user_agent: Annotated[str, Header(include_in_schema=False)] = "",
) -> TokenPair:
    await limiter.hit("login", ip, body.email)
    return await service.log_in(db, body, user_agent[:200], ip)


@router.post("/refresh", responses=problems(401, 429))
async def refresh(body: Refresh, db: DB, limiter: RateLimiter, ip: ClientIP) -> TokenPair:
    await limiter.hit("refresh", ip, str(tokens.session_of(body.refresh_token) or ""))
    return await service.refresh(db, body.refresh_token)


@router.post("/logout", status_code=204)
async def log_out(db: DB, session: CurrentSession) -> None:
    await db.execute(delete(AuthSession).where(AuthSession.id == session.id))
    await db.commit()


@router.get("/sessions")
async def list_sessions(
    db: DB, current: CurrentSession, query: Annotated[PageQuery, Query()]
) -> Page[SessionRead]:
    mine = select(AuthSession).where(
        AuthSession.user_id == current.user_id, AuthSession.expires_at > now()
    )
    rows = await paginate(db, mine, query, sort="-last_used_at")
    items = [SessionRead.of(session, current) for session in rows.items]
    return Page(items=items, total=rows.total, page=rows.page, size=rows.size)


@router.delete("/sessions", status_code=204)
async def end_other_sessions(db: DB, current: CurrentSession) -> None:
    others = AuthSession.user_id == current.user_id, AuthSession.id != current.id
    await db.execute(delete(AuthSession).where(*others))
    await db.commit()


@router.delete("/sessions/{session_id}", status_code=204, responses=problems(404))
async def end_session(session_id: UUID, db: DB, current: CurrentSession) -> None:
    mine = AuthSession.user_id == current.user_id, AuthSession.id == session_id
    ended = await db.scalar(delete(AuthSession).where(*mine).returning(AuthSession.id))
    if not ended:
        raise not_found("session")
    await db.commit()


@router.post("/email/resend", status_code=202, response_class=Response, responses=problems(429))
async def resend_verification(
    body: MailAddress, db: DB, limiter: RateLimiter, ip: ClientIP, background: BackgroundTasks
) -> Response:
    await limiter.hit("mail", ip, body.email)
    background.add_task(service.send_verification, db, body.email)
    return accepted()


@router.post("/email/verify", status_code=204, responses=problems(400, 429))
async def verify_email(body: MailToken, db: DB, limiter: RateLimiter, ip: ClientIP) -> None:
    await limiter.hit("token", ip)
    await service.verify_email(db, body.token)


@router.post("/password/forgot", status_code=202, response_class=Response, responses=problems(429))
async def forgot_password(
    body: MailAddress, db: DB, limiter: RateLimiter, ip: ClientIP, background: BackgroundTasks
) -> Response:
    await limiter.hit("mail", ip, body.email)
    background.add_task(service.send_password_reset, db, body.email)
    return accepted()


@router.post("/password/reset", status_code=204, responses=problems(400, 429))
async def reset_password(body: ResetPassword, db: DB, limiter: RateLimiter, ip: ClientIP) -> None:
    await limiter.hit("token", ip)
    await service.reset_password(db, body)


@router.post("/password/change", status_code=204, responses=problems(403, 429))
async def change_password(
    body: ChangePassword, db: DB, session: CurrentSession, limiter: RateLimiter, ip: ClientIP
) -> None:
    await limiter.hit("login", ip, session.user.email)
    await service.change_password(db, session, body)
