"""Tokens that are forged, foreign, or of another kind; and what the database keeps of them."""

from __future__ import annotations

import base64
import hmac
import json
import time
import uuid
from typing import Any

import jwt
import pytest

from .client import Client
from .expect import expect_problem
from .mail import RESET, VERIFY, Mailbox
from .people import PASSWORD, Host, Person
from .server import SECRET_KEY
from .site import Site

pytestmark = pytest.mark.auth


def _refused(client: Client, token: str) -> None:
    for method, path in [("GET", "/users/me"), ("GET", "/auth/sessions"), ("POST", "/auth/logout")]:
        answer = client.clone(token=token).request(method, path)
        expect_problem(answer, 401, "invalid-token")
        assert answer.headers["www-authenticate"].startswith("Bearer")


def _claims(token: str | None) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(token or "", options={"verify_signature": False})
    return claims


def _encoded(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


@pytest.mark.contract("tokens.access")
def test_an_access_token_is_a_jwt_of_fifteen_minutes(newcomer: Person) -> None:
    assert jwt.get_unverified_header(str(newcomer.token))["alg"] == "HS256"
    assert 890 < _claims(newcomer.token)["exp"] - time.time() <= 901


@pytest.mark.contract("tokens.forged", "input.never-5xx")
@pytest.mark.parametrize("odd", ["x", "", None, 1, [], {}, "\0", "\ud800", str(uuid.uuid4())])
def test_a_signed_token_that_names_no_session_is_401(
    client: Client, stranger: Person, odd: Any
) -> None:
    """Only who has the key can make one; an older version of the project may have."""
    claims = _claims(stranger.token)
    header = jwt.get_unverified_header(str(stranger.token))
    if jwt.encode(claims, SECRET_KEY, "HS256", header) != stranger.token:
        pytest.skip("the key is derived from SECRET_KEY in a way that the suite does not know")
    for name in claims.keys() - {"exp", "iat", "nbf", "kind", "typ"}:
        head, body = _encoded(header), _encoded({**claims, name: odd})
        signature = hmac.digest(SECRET_KEY.encode(), f"{head}.{body}".encode(), "sha256")
        signed = base64.urlsafe_b64encode(signature).rstrip(b"=").decode()
        _refused(client, f"{head}.{body}.{signed}")


@pytest.mark.contract("tokens.access")
def test_an_access_token_tells_nothing_about_its_user(newcomer: Person) -> None:
    assert newcomer.email not in str(_claims(newcomer.token))


@pytest.mark.contract("tokens.forged")
@pytest.mark.parametrize("alg", ["none", "None", "NONE", "nOnE", ""])
def test_a_token_without_a_signature_is_401(client: Client, stranger: Person, alg: str) -> None:
    payload = str(stranger.token).split(".")[1]
    header = _encoded({"alg": alg, "typ": "JWT"})
    signature = str(stranger.token).split(".")[2]
    _refused(client, f"{header}.{payload}.")
    _refused(client, f"{header}.{payload}.{signature}")


@pytest.mark.contract("tokens.forged")
@pytest.mark.parametrize("key", ["x" * 64, "secret" * 8, SECRET_KEY[::-1], SECRET_KEY + " "])
def test_a_token_of_another_key_is_401(client: Client, stranger: Person, key: str) -> None:
    _refused(client, jwt.encode(_claims(stranger.token), key, algorithm="HS256"))


@pytest.mark.contract("tokens.forged")
@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
def test_a_token_of_another_algorithm_is_401(
    client: Client, stranger: Person, algorithm: str
) -> None:
    _refused(client, jwt.encode(_claims(stranger.token), SECRET_KEY, algorithm=algorithm))


@pytest.mark.contract("tokens.forged", "errors.invalid-token")
@pytest.mark.parametrize("part", [0, 1, 2])
def test_a_tampered_token_is_401(client: Client, stranger: Person, part: int) -> None:
    parts = str(stranger.token).split(".")
    changed = "B" if parts[part][5] != "B" else "C"
    parts[part] = parts[part][:5] + changed + parts[part][6:]
    _refused(client, ".".join(parts))


@pytest.mark.contract("tokens.forged", "errors.invalid-token")
def test_a_longer_life_cannot_be_written_into_a_token(client: Client, stranger: Person) -> None:
    header, _, signature = str(stranger.token).split(".")
    longer = _encoded(_claims(stranger.token) | {"exp": int(time.time()) + 10**7})
    _refused(client, f"{header}.{longer}.{signature}")


@pytest.mark.contract("tokens.forged")
def test_a_token_of_another_server_is_401(client: Client, shortlived: Host) -> None:
    """Signed with the same key, and naming a session that this server does not have."""
    person = shortlived.person()
    longer = _claims(person.token) | {"exp": int(time.time()) + 600}
    _refused(client, str(person.token))
    _refused(client, jwt.encode(longer, SECRET_KEY, algorithm="HS256"))


@pytest.mark.contract("tokens.forged")
@pytest.mark.parametrize(
    "token", ["x", "a.b.c", "...", "e30.e30.", "e30.e30.e30", "W10.W10.x", str(uuid.uuid4())]
)
def test_what_is_no_token_is_401(client: Client, token: str) -> None:
    _refused(client, token)


@pytest.mark.contract("tokens.forged", "errors.not-authenticated")
@pytest.mark.parametrize("scheme", ["Basic", "Token", "JWT", ""])
def test_a_token_is_sent_as_a_bearers(client: Client, stranger: Person, scheme: str) -> None:
    header = {"Authorization": f"{scheme} {stranger.token}".strip()}
    assert client.get("/users/me", headers=header).status_code == 401
    assert client.get(f"/users/me?access_token={stranger.token}").status_code == 401
    cookie = {"Cookie": f"access_token={stranger.token}; token={stranger.token}"}
    assert client.get("/users/me", headers=cookie).status_code == 401


@pytest.fixture
def kinds(client: Client, mailbox: Mailbox, newcomer: Person) -> dict[str, str]:
    """One token of each kind, all of one user."""
    client.post("/auth/password/forgot", {"email": newcomer.email})
    return {
        "access": str(newcomer.token),
        "refresh": newcomer.refresh_token,
        "e-mail": mailbox.token(newcomer.email, VERIFY),
        "reset": mailbox.token(newcomer.email, RESET),
    }


@pytest.mark.contract("tokens.kinds")
@pytest.mark.parametrize("kind", ["refresh", "e-mail", "reset"])
def test_no_other_token_gives_access(client: Client, kinds: dict[str, str], kind: str) -> None:
    _refused(client, kinds[kind])


@pytest.mark.contract("tokens.kinds")
@pytest.mark.parametrize("kind", ["access", "e-mail", "reset"])
def test_no_other_token_refreshes(client: Client, kinds: dict[str, str], kind: str) -> None:
    answer = client.post("/auth/refresh", {"refresh_token": kinds[kind]})
    expect_problem(answer, 401, "invalid-token")


@pytest.mark.contract("tokens.kinds", "errors.mail-token")
@pytest.mark.parametrize("kind", ["access", "refresh", "reset"])
def test_no_other_token_verifies_an_address(
    client: Client, newcomer: Person, kinds: dict[str, str], kind: str
) -> None:
    answer = client.post("/auth/email/verify", {"token": kinds[kind]})
    expect_problem(answer, 400, "invalid-token")
    assert newcomer.me()["email_verified"] is False


@pytest.mark.contract("tokens.kinds", "errors.mail-token")
@pytest.mark.parametrize("kind", ["access", "refresh", "e-mail"])
def test_no_other_token_resets_a_password(
    client: Client, newcomer: Person, kinds: dict[str, str], kind: str
) -> None:
    body = {"token": kinds[kind], "new_password": "another-good-one-7"}
    expect_problem(client.post("/auth/password/reset", body), 400, "invalid-token")
    assert newcomer.again().has_access()


@pytest.mark.contract("tokens.refresh-stored", "passwords.argon2id")
def test_the_database_holds_neither_tokens_nor_passwords(
    site: Site, host: Host, kinds: dict[str, str]
) -> None:
    if host.server is None:
        pytest.skip("the database of a server at --url is out of sight")
    texts = list(site.databases.texts(host.server.settings["DATABASE_URL"]))
    secrets = [PASSWORD, kinds["refresh"], kinds["access"], kinds["reset"], kinds["e-mail"]]
    assert not [secret for secret in secrets if any(secret in text for text in texts)]
    assert any("$argon2id$" in text for text in texts)
