CHALLENGE = {"WWW-Authenticate": "Bearer"}

# Session and user in one query: log-out, revocation and deactivation act at once. The statement
# is put together here, since that takes longer than running it.
SIGNED_IN = (
    select(AuthSession)
    .join(AuthSession.user)
    .where(
        AuthSession.id == bindparam("session_id"),
        AuthSession.expires_at > bindparam("now"),
        User.is_active,
    )
    .options(contains_eager(AuthSession.user))
)


def unauthorized(type: str, detail: str) -> Problem:
    return Problem(401, type, detail, headers=CHALLENGE)
