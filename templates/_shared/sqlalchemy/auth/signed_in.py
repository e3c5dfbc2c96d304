CHALLENGE = {"WWW-Authenticate": "Bearer"}

# Session and user in one query, so that logout, revocation and deactivation act at once. It is
# built once, since building it takes longer than running it.
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
