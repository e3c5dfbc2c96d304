"""/api/v1/auth"""

from uuid import UUID

from apiflask import APIBlueprint
from flask import Response, request
from sqlalchemy import delete, select

from app.auth import service, tokens
from app.auth.guard import auth, current_session
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
from app.core.background import run_later
from app.core.database import db, now
from app.core.errors import not_found
from app.core.limits import client_address, limit
from app.core.pagination import Page, PageQuery, paginate

bp = APIBlueprint("auth", __name__, url_prefix="/api/v1/auth", tag="auth")


def accepted() -> Response:
    """The same for known and unknown addresses; what there is to say goes into the mail."""
    response = Response(status=202)
    del response.headers["Content-Type"]
    return response


@bp.post("/register")
@bp.input(Register)
@bp.output({}, status_code=202)
@bp.doc(responses=[429])
def register(json_data: Register) -> Response:
    limit("register", json_data.email)
    if service.register(json_data):
        run_later(service.send_verification, json_data.email)
    else:
        run_later(service.send_already_registered, json_data.email)
    return accepted()


@bp.post("/login")
@bp.input(Login)
@bp.output(TokenPair)
@bp.doc(responses=[401, 429])
def log_in(json_data: Login) -> TokenPair:
    limit("login", json_data.email)
    user_agent = request.headers.get("User-Agent", "")[:200]
    return service.log_in(json_data, user_agent, client_address())


@bp.post("/refresh")
@bp.input(Refresh)
@bp.output(TokenPair)
@bp.doc(responses=[401, 429])
def refresh(json_data: Refresh) -> TokenPair:
    limit("refresh", str(tokens.session_of(json_data.refresh_token) or ""))
    return service.refresh(json_data.refresh_token)


@bp.post("/logout")
@bp.auth_required(auth)
@bp.output({}, status_code=204)
def log_out() -> str:
    db.session.execute(delete(AuthSession).where(AuthSession.id == current_session().id))
    db.session.commit()
    return ""


@bp.get("/sessions")
@bp.auth_required(auth)
@bp.input(PageQuery, location="query")
@bp.output(Page[SessionRead])
def list_sessions(query_data: PageQuery) -> Page[SessionRead]:
    current = current_session()
    mine = select(AuthSession).where(
        AuthSession.user_id == current.user_id, AuthSession.expires_at > now()
    )
    rows = paginate(mine, query_data, sort="-last_used_at")
    items = [SessionRead.of(session, current) for session in rows.items]
    return Page(items=items, total=rows.total, page=rows.page, size=rows.size)


@bp.delete("/sessions")
@bp.auth_required(auth)
@bp.output({}, status_code=204)
def end_other_sessions() -> str:
    current = current_session()
    db.session.execute(
        delete(AuthSession).where(
            AuthSession.user_id == current.user_id, AuthSession.id != current.id
        )
    )
    db.session.commit()
    return ""


@bp.delete("/sessions/<uuid:session_id>")
@bp.auth_required(auth)
@bp.output({}, status_code=204)
@bp.doc(responses=[404])
def end_session(session_id: UUID) -> str:
    ended = db.session.scalar(
        delete(AuthSession)
        .where(AuthSession.user_id == current_session().user_id, AuthSession.id == session_id)
        .returning(AuthSession.id)
    )
    if not ended:
        raise not_found("session")
    db.session.commit()
    return ""


@bp.post("/email/resend")
@bp.input(MailAddress)
@bp.output({}, status_code=202)
@bp.doc(responses=[429])
def resend_verification(json_data: MailAddress) -> Response:
    limit("mail", json_data.email)
    run_later(service.send_verification, json_data.email)
    return accepted()


@bp.post("/email/verify")
@bp.input(MailToken)
@bp.output({}, status_code=204)
@bp.doc(responses=[400, 429])
def verify_email(json_data: MailToken) -> str:
    limit("token")
    service.verify_email(json_data.token)
    return ""


@bp.post("/password/forgot")
@bp.input(MailAddress)
@bp.output({}, status_code=202)
@bp.doc(responses=[429])
def forgot_password(json_data: MailAddress) -> Response:
    limit("mail", json_data.email)
    run_later(service.send_password_reset, json_data.email)
    return accepted()


@bp.post("/password/reset")
@bp.input(ResetPassword)
@bp.output({}, status_code=204)
@bp.doc(responses=[400, 429])
def reset_password(json_data: ResetPassword) -> str:
    limit("token")
    service.reset_password(json_data)
    return ""


@bp.post("/password/change")
@bp.auth_required(auth)
@bp.input(ChangePassword)
@bp.output({}, status_code=204)
@bp.doc(responses=[403, 429])
def change_password(json_data: ChangePassword) -> str:
    session = current_session()
    limit("login", session.user.email)
    service.change_password(session, json_data)
    return ""
