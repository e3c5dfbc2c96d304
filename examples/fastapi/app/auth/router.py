"""Routes of /api/v1/auth."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Depends, Form, Header, Query, Response
from sqlalchemy import delete, select

from app.auth import mails, service, tokens
from app.auth.dependencies import CurrentSession, require_form
from app.auth.models import AuthSession
from app.auth.schemas import (
    ChangePassword,
    EmailAddress,
    EmailToken,
    Login,
    LoginForm,
    Refresh,
    Register,
    ResetPassword,
    SessionRead,
    SessionReadPage,
    TokenPair,
)
from app.core.database import DB, now
from app.core.errors import not_found
from app.core.json import JSONRoute
from app.core.limits import ClientIP, RateLimiter
from app.core.mail import build_and_send
from app.core.openapi import problems
from app.core.pagination import PageQuery, paginate

UserAgent = Annotated[str, Header(include_in_schema=False)]

router = APIRouter(prefix="/auth", tags=["auth"], route_class=JSONRoute)


def accepted() -> Response:
    """The same response for known and unknown email addresses."""
    return Response(status_code=202)


@router.post("/register", status_code=202, response_class=Response, responses=problems(429))
async def register(
    body: Register, db: DB, limiter: RateLimiter, ip: ClientIP, background: BackgroundTasks
) -> Response:
    """Create an account.

    The answer is 202 whether or not the email address was free; an email says which. Logging in
    does not wait until the address is verified.
    """
    await limiter.hit("register", ip, body.email)
    user = await service.register(db, body)
    if user:
        background.add_task(build_and_send, mails.verification, user)
    else:
        background.add_task(build_and_send, mails.already_registered, body.email)
    return accepted()


@router.post("/login", responses=problems(401, 429))
async def log_in(
    body: Login,
    db: DB,
    limiter: RateLimiter,
    ip: ClientIP,
    user_agent: UserAgent = "",
) -> TokenPair:
    """Start a session, and return its first pair of tokens."""
    await limiter.hit("login", ip, body.email)
    return await service.log_in(db, body, user_agent[:200], ip)


@router.post("/token", responses=problems(401, 429), dependencies=[Depends(require_form)])
async def log_in_with_form(
    form: Annotated[LoginForm, Form()],
    db: DB,
    limiter: RateLimiter,
    ip: ClientIP,
    user_agent: UserAgent = "",
) -> TokenPair:
    """Log in with a form, as clients of OAuth 2 do (RFC 6749, section 4.3)."""
    body = Login(email=form.username, password=form.password)
    return await log_in(body, db, limiter, ip, user_agent)


@router.post("/refresh", responses=problems(401, 429))
async def refresh(body: Refresh, db: DB, limiter: RateLimiter, ip: ClientIP) -> TokenPair:
    """Exchange a refresh token for a new pair. A second use of the same one ends the session."""
    await limiter.hit("refresh", ip, str(tokens.session_of(body.refresh_token) or ""))
    return await service.refresh(db, body.refresh_token)


@router.post("/logout", status_code=204)
async def log_out(db: DB, session: CurrentSession) -> None:
    """End this session."""
    await db.execute(delete(AuthSession).where(AuthSession.id == session.id))
    await db.commit()


@router.get("/sessions")
async def list_sessions(
    db: DB, current: CurrentSession, query: Annotated[PageQuery, Query()]
) -> SessionReadPage:
    """List the devices that are logged in."""
    mine = select(AuthSession).where(
        AuthSession.user_id == current.user_id, AuthSession.expires_at > now()
    )
    rows = await paginate(db, mine, query, sort="-last_used_at")
    items = [SessionRead.of(session, current) for session in rows.items]
    return SessionReadPage(items=items, total=rows.total, page=rows.page, size=rows.size)


@router.delete("/sessions", status_code=204)
async def end_other_sessions(db: DB, current: CurrentSession) -> None:
    """End all sessions but this one."""
    others = AuthSession.user_id == current.user_id, AuthSession.id != current.id
    await db.execute(delete(AuthSession).where(*others))
    await db.commit()


@router.delete("/sessions/{id}", status_code=204, responses=problems(404))
async def end_session(id: UUID, db: DB, current: CurrentSession) -> None:
    """End one session, which logs the device out."""
    mine = AuthSession.user_id == current.user_id, AuthSession.id == id
    ended = await db.scalar(delete(AuthSession).where(*mine).returning(AuthSession.id))
    if not ended:
        raise not_found("session")
    await db.commit()


@router.post("/email/resend", status_code=202, response_class=Response, responses=problems(429))
async def resend_verification(
    body: EmailAddress, db: DB, limiter: RateLimiter, ip: ClientIP, background: BackgroundTasks
) -> Response:
    """Send the verification email again, if there is an unverified account."""
    await limiter.hit("mail", ip, body.email)
    user = await service.find_active_user(db, body.email)
    if user and not user.email_verified:
        background.add_task(build_and_send, mails.verification, user)
    return accepted()


@router.post("/email/verify", status_code=204, responses=problems(400, 429))
async def verify_email(body: EmailToken, db: DB, limiter: RateLimiter, ip: ClientIP) -> None:
    """Verify the email address with the token from the email."""
    await limiter.hit("token", ip)
    await service.verify_email(db, body.token)


@router.post("/password/forgot", status_code=202, response_class=Response, responses=problems(429))
async def forgot_password(
    body: EmailAddress, db: DB, limiter: RateLimiter, ip: ClientIP, background: BackgroundTasks
) -> Response:
    """Send an email with a link to choose a new password, if there is an account."""
    await limiter.hit("mail", ip, body.email)
    user = await service.find_active_user(db, body.email)
    if user:
        background.add_task(build_and_send, mails.password_reset, user)
    return accepted()


@router.post("/password/reset", status_code=204, responses=problems(400, 429))
async def reset_password(body: ResetPassword, db: DB, limiter: RateLimiter, ip: ClientIP) -> None:
    """Choose a new password with the token from the email. This ends all sessions."""
    await limiter.hit("token", ip)
    await service.reset_password(db, body)


@router.post("/password/change", status_code=204, responses=problems(403, 429))
async def change_password(
    body: ChangePassword, db: DB, session: CurrentSession, limiter: RateLimiter, ip: ClientIP
) -> None:
    """Change the password. This ends all other sessions."""
    await limiter.hit("login", ip, session.user.email)
    await service.change_password(db, session, body)
