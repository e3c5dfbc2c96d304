"""Routes of /api/v1/auth."""

from uuid import UUID

from apiflask import APIBlueprint
from flask import Response, request
from sqlalchemy import delete, select

from app.auth import mails, service, tokens
from app.auth.guard import auth, current_session
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
from app.core.background import run_later
from app.core.database import db, now
from app.core.errors import not_found
from app.core.limits import client_address, limit
from app.core.mail import build_and_send
from app.core.openapi import problems
from app.core.pagination import PageQuery, paginate

bp = APIBlueprint("auth", __name__, url_prefix="/api/v1/auth", tag="auth")


def accepted() -> Response:
    """The same response for known and unknown email addresses."""
    response = Response(status=202)
    del response.headers["Content-Type"]
    return response


@bp.post("/register")
@bp.input(Register)
@bp.output({}, status_code=202)
@bp.doc(responses=problems(429))
def register(json_data: Register) -> Response:
    """Create an account.

    The answer is 202 whether or not the email address was free; an email says which. Logging in
    does not wait until the address is verified.
    """
    limit("register", json_data.email)
    user = service.register(json_data)
    if user:
        run_later(build_and_send, mails.verification, user)
    else:
        run_later(build_and_send, mails.already_registered, json_data.email)
    return accepted()


@bp.post("/login")
@bp.input(Login)
@bp.output(TokenPair)
@bp.doc(responses=problems(401, 429))
def log_in(json_data: Login) -> TokenPair:
    """Start a session, and return its first pair of tokens."""
    return start_session(json_data)


@bp.post("/token")
@bp.input(LoginForm, location="form")
@bp.output(TokenPair)
@bp.doc(responses=problems(401, 429))
def log_in_with_form(form_data: LoginForm) -> TokenPair:
    """Log in with a form, as clients of OAuth 2 do (RFC 6749, section 4.3)."""
    return start_session(Login(email=form_data.username, password=form_data.password))


def start_session(login: Login) -> TokenPair:
    limit("login", login.email)
    user_agent = request.headers.get("User-Agent", "")[:200]
    return service.log_in(login, user_agent, client_address())


@bp.post("/refresh")
@bp.input(Refresh)
@bp.output(TokenPair)
@bp.doc(responses=problems(401, 429))
def refresh(json_data: Refresh) -> TokenPair:
    """Exchange a refresh token for a new pair. A second use of the same one ends the session."""
    limit("refresh", str(tokens.session_of(json_data.refresh_token) or ""))
    return service.refresh(json_data.refresh_token)


@bp.post("/logout")
@bp.auth_required(auth)
@bp.output({}, status_code=204)
def log_out() -> str:
    """End this session."""
    db.session.execute(delete(AuthSession).where(AuthSession.id == current_session().id))
    db.session.commit()
    return ""


@bp.get("/sessions")
@bp.auth_required(auth)
@bp.input(PageQuery, location="query")
@bp.output(SessionReadPage)
def list_sessions(query_data: PageQuery) -> SessionReadPage:
    """List the devices that are logged in."""
    current = current_session()
    mine = select(AuthSession).where(
        AuthSession.user_id == current.user_id, AuthSession.expires_at > now()
    )
    rows = paginate(mine, query_data, sort="-last_used_at")
    items = [SessionRead.of(session, current) for session in rows.items]
    return SessionReadPage(items=items, total=rows.total, page=rows.page, size=rows.size)


@bp.delete("/sessions")
@bp.auth_required(auth)
@bp.output({}, status_code=204)
def end_other_sessions() -> str:
    """End all sessions but this one."""
    current = current_session()
    db.session.execute(
        delete(AuthSession).where(
            AuthSession.user_id == current.user_id, AuthSession.id != current.id
        )
    )
    db.session.commit()
    return ""


@bp.delete("/sessions/<uuid:id>")
@bp.auth_required(auth)
@bp.output({}, status_code=204)
@bp.doc(responses=problems(404))
def end_session(id: UUID) -> str:
    """End one session, which logs the device out."""
    ended = db.session.scalar(
        delete(AuthSession)
        .where(AuthSession.user_id == current_session().user_id, AuthSession.id == id)
        .returning(AuthSession.id)
    )
    if not ended:
        raise not_found("session")
    db.session.commit()
    return ""


@bp.post("/email/resend")
@bp.input(EmailAddress)
@bp.output({}, status_code=202)
@bp.doc(responses=problems(429))
def resend_verification(json_data: EmailAddress) -> Response:
    """Send the verification email again, if there is an unverified account."""
    limit("mail", json_data.email)
    user = service.find_active_user(json_data.email)
    if user and not user.email_verified:
        run_later(build_and_send, mails.verification, user)
    return accepted()


@bp.post("/email/verify")
@bp.input(EmailToken)
@bp.output({}, status_code=204)
@bp.doc(responses=problems(400, 429))
def verify_email(json_data: EmailToken) -> str:
    """Verify the email address with the token from the email."""
    limit("token")
    service.verify_email(json_data.token)
    return ""


@bp.post("/password/forgot")
@bp.input(EmailAddress)
@bp.output({}, status_code=202)
@bp.doc(responses=problems(429))
def forgot_password(json_data: EmailAddress) -> Response:
    """Send an email with a link to choose a new password, if there is an account."""
    limit("mail", json_data.email)
    user = service.find_active_user(json_data.email)
    if user:
        run_later(build_and_send, mails.password_reset, user)
    return accepted()


@bp.post("/password/reset")
@bp.input(ResetPassword)
@bp.output({}, status_code=204)
@bp.doc(responses=problems(400, 429))
def reset_password(json_data: ResetPassword) -> str:
    """Choose a new password with the token from the email. This ends all sessions."""
    limit("token")
    service.reset_password(json_data)
    return ""


@bp.post("/password/change")
@bp.auth_required(auth)
@bp.input(ChangePassword)
@bp.output({}, status_code=204)
@bp.doc(responses=problems(403, 429))
def change_password(json_data: ChangePassword) -> str:
    """Change the password. This ends all other sessions."""
    session = current_session()
    limit("login", session.user.email)
    service.change_password(session, json_data)
    return ""
