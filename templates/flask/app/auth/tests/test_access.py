"""Access: a route that does not ask for a token is one of those that are named here."""

import re
from collections.abc import Iterator

from apiflask import APIFlask
from flask.testing import FlaskClient

from tests.helpers import UNKNOWN, problem

PUBLIC = {
    "auth.register",
    "auth.log_in",
    "auth.refresh",
    "auth.resend_verification",
    "auth.verify_email",
    "auth.forgot_password",
    "auth.reset_password",
}


def private_routes(app: APIFlask) -> Iterator[tuple[str, str]]:
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/") and rule.endpoint not in PUBLIC:
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
                yield method, re.sub("<[^>]+>", UNKNOWN, rule.rule)


def test_all_other_routes_need_a_token(app: APIFlask, anonymous: FlaskClient) -> None:
    for method, path in private_routes(app):
        response = anonymous.open(path, method=method, json={})
        assert problem(response) == (401, "not-authenticated"), (method, path)
        assert response.headers["WWW-Authenticate"] == "Bearer"
