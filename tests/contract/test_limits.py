"""Rate limits: no guessing, no mailing floods, and no lock-out by strangers."""

from __future__ import annotations

import dataclasses
import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import DEVNULL, Popen
from urllib.parse import urlsplit, urlunsplit

import httpx2 as httpx
import pytest

from .client import Client
from .expect import expect_problem
from .people import PASSWORD, Host, Person, new_email
from .polling import wait_until
from .relay import Relay
from .server import free_port
from .site import Site

pytestmark = pytest.mark.auth

PATIENCE = 15 * 60
"""Seconds that a stranger may keep an owner out at most."""

Somewhere = Callable[[], Client]


@pytest.fixture(scope="session")
def addresses() -> Iterator[str]:
    """Addresses of this machine, each given out once."""
    return (f"127.9.{number // 250}.{number % 250 + 1}" for number in itertools.count())


@pytest.fixture
def somewhere(limited: Host, addresses: Iterator[str]) -> Somewhere:
    """The limited server, asked from an address that nobody has asked from yet."""
    return lambda: limited.client.at(next(addresses))


@pytest.fixture
def resident(limited: Host, somewhere: Somewhere) -> Person:
    """Someone with an account on the limited server."""
    return dataclasses.replace(limited, client=somewhere()).person()


def _until_limited(ask: Callable[[int], httpx.Response], at_most: int) -> int:
    """Ask until the answer is 429; give the number of answers before it."""
    for number in range(at_most):
        answer = ask(number)
        if answer.status_code == 429:
            assert expect_problem(answer, 429, "rate-limited")["title"] == "Too Many Requests"
            assert int(answer.headers["retry-after"]) >= 1
            return number
    raise AssertionError(f"{at_most} requests, and no limit")


@pytest.mark.contract("limits.login", "errors.rate-limited")
def test_guessing_one_password_is_limited(somewhere: Somewhere, resident: Person) -> None:
    client = somewhere()
    body = {"email": resident.email, "password": "wrong-one-9"}
    allowed = _until_limited(lambda _: client.post("/auth/login", body), 101)
    assert allowed >= 3, "a user may mistype"


@pytest.mark.contract("limits.login", "auth.token-form")
def test_a_form_is_limited_with_all_other_logins(somewhere: Somewhere, resident: Person) -> None:
    client = somewhere()
    body = {"email": resident.email, "password": "wrong-one-9"}
    form = {"grant_type": "password", "username": resident.email, "password": "wrong-one-9"}
    _until_limited(lambda _: client.request("POST", "/auth/token", data=form), 101)
    expect_problem(client.post("/auth/login", body), 429, "rate-limited")


@pytest.mark.contract("limits.login")
def test_guessing_many_accounts_from_one_address_is_limited(somewhere: Somewhere) -> None:
    client = somewhere()
    _until_limited(
        lambda _: client.post("/auth/login", {"email": new_email(), "password": "wrong-one-9"}), 301
    )


@pytest.mark.contract("limits.login")
def test_guessing_one_account_from_many_addresses_is_limited(
    somewhere: Somewhere, resident: Person
) -> None:
    body = {"email": resident.email, "password": "wrong-one-9"}
    _until_limited(lambda _: somewhere().post("/auth/login", body), 301)
    for spelling in (resident.email.upper(), resident.email.title()):
        answer = somewhere().post("/auth/login", {**body, "email": spelling})
        expect_problem(answer, 429, "rate-limited")


@pytest.mark.contract("limits.login")
def test_an_address_is_not_what_a_header_says(somewhere: Somewhere) -> None:
    client = somewhere()

    def ask(number: int) -> httpx.Response:
        claimed = f"10.0.{number // 250}.{number % 250}"
        headers = dict.fromkeys(["X-Forwarded-For", "X-Real-IP", "CF-Connecting-IP"], claimed)
        headers["Forwarded"] = f"for={claimed}"
        body = {"email": new_email(), "password": "wrong-one-9"}
        return client.post("/auth/login", body, headers=headers)

    _until_limited(ask, 301)


@pytest.mark.contract("limits.login")
def test_an_unknown_account_is_limited_like_a_known_one(
    somewhere: Somewhere, resident: Person
) -> None:
    def allowed(email: str) -> int:
        client = somewhere()
        body = {"email": email, "password": "wrong-one-9"}
        return _until_limited(lambda _: client.post("/auth/login", body), 301)

    assert abs(allowed(new_email()) - allowed(resident.email)) <= 1


@pytest.mark.contract("limits.lockout")
def test_a_stranger_cannot_lock_an_account_out_for_long(
    somewhere: Somewhere, resident: Person
) -> None:
    wrong = {"email": resident.email, "password": "wrong-one-9"}
    for _ in range(3):
        stranger = somewhere()
        for _ in range(40):
            stranger.post("/auth/login", wrong)
    owner = {"email": resident.email, "password": resident.password}
    answer = somewhere().post("/auth/login", owner)
    if answer.status_code != 200:
        expect_problem(answer, 429, "rate-limited")
        assert int(answer.headers["retry-after"]) <= PATIENCE


@pytest.mark.contract("limits.lockout", "limits.login")
def test_who_is_signed_in_stays_so_while_others_guess(
    somewhere: Somewhere, resident: Person
) -> None:
    wrong = {"email": resident.email, "password": "wrong-one-9"}
    _until_limited(lambda _: somewhere().post("/auth/login", wrong), 301)
    assert resident.get("/users/me").status_code == 200
    answer = resident.anonymous().post("/auth/refresh", {"refresh_token": resident.refresh_token})
    assert answer.status_code == 200


@pytest.mark.contract("limits.register")
def test_registering_is_limited(somewhere: Somewhere) -> None:
    client = somewhere()
    _until_limited(
        lambda _: client.post("/auth/register", {"email": new_email(), "password": PASSWORD}), 301
    )


@pytest.mark.contract("limits.register", "limits.mail")
def test_registering_a_taken_address_floods_nobody(
    limited: Host, somewhere: Somewhere, resident: Person
) -> None:
    body = {"email": resident.email, "password": PASSWORD}
    statuses = {somewhere().post("/auth/register", body).status_code for _ in range(40)}
    assert statuses <= {202, 429}
    _few_mails(limited, resident.email, somewhere())


@pytest.mark.contract("limits.refresh")
def test_refreshing_is_limited(somewhere: Somewhere) -> None:
    client = somewhere()
    body = {"refresh_token": "A" * 43}
    _until_limited(lambda _: client.post("/auth/refresh", body), 601)


@pytest.mark.contract("limits.mail")
@pytest.mark.parametrize("path", ["/auth/email/resend", "/auth/password/forgot"])
def test_one_sender_cannot_cause_mail_without_end(somewhere: Somewhere, path: str) -> None:
    client = somewhere()
    _until_limited(lambda _: client.post(path, {"email": new_email()}), 301)


@pytest.mark.contract("limits.mail")
@pytest.mark.parametrize("path", ["/auth/email/resend", "/auth/password/forgot"])
def test_many_senders_cannot_flood_one_mailbox(
    limited: Host, somewhere: Somewhere, resident: Person, path: str
) -> None:
    statuses = {
        somewhere().post(path, {"email": email}).status_code
        for email in [resident.email, resident.email.upper()] * 20
    }
    assert statuses <= {202, 429}
    _few_mails(limited, resident.email, somewhere())


def _few_mails(host: Host, email: str, witness: Client) -> None:
    """40 requests came to few mails. The mail of a request after them shows that they are sent."""
    other = dataclasses.replace(host, client=witness).register()
    host.mailbox.wait(other)
    assert 1 <= len(host.mailbox.to(email)) <= 15


@pytest.mark.contract("limits.mail", "auth.forgot")
@pytest.mark.parametrize("path", ["/auth/email/resend", "/auth/password/forgot"])
def test_a_limit_tells_nobody_which_addresses_are_known(
    somewhere: Somewhere, resident: Person, path: str
) -> None:
    def statuses(email: str) -> list[int]:
        return [somewhere().post(path, {"email": email}).status_code for _ in range(20)]

    assert statuses(resident.email) == statuses(new_email())


@pytest.mark.contract("limits.login")
def test_reading_is_not_limited_by_these(resident: Person) -> None:
    statuses = {resident.get("/users/me").status_code for _ in range(50)}
    assert statuses == {200}


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[str]:
    """A Redis of this test's own, or the one that TEST_REDIS_URL names."""
    if url := os.environ.get("TEST_REDIS_URL"):
        yield url
        return
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("no Redis: set TEST_REDIS_URL or install redis-server")
    port = str(free_port())
    options = ["--port", port, "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    with Popen([program, *options], stdout=DEVNULL) as server:
        yield f"redis://127.0.0.1:{port}/0"
        server.terminate()


@pytest.fixture
def relay(redis: str) -> Iterator[Relay]:
    parts = urlsplit(redis)
    relay = Relay((parts.hostname or "127.0.0.1", parts.port or 6379))
    yield relay
    relay.close()


@pytest.mark.contract("limits.shared", "limits.storage-away")
def test_all_processes_count_together_in_redis_and_let_nobody_in_without_it(
    site: Site, limited: Host, own_database: str, redis: str, relay: Relay, somewhere: Somewhere
) -> None:
    def allowed(client: Client) -> int:
        def ask(_: int) -> httpx.Response:
            body = {"email": email, "password": "wrong-one-9"}
            return client.post("/auth/login", body, headers={"Connection": "close"})

        email = new_email()
        return _until_limited(ask, 301)

    def log_in() -> int:
        body = {"email": new_email(), "password": "wrong-one-9"}
        return client.post("/auth/login", body, timeout=5).status_code

    parts = urlsplit(redis)
    login = parts.netloc.rpartition("@")[0]
    place = f"{login}@127.0.0.1:{relay.port}" if login else f"127.0.0.1:{relay.port}"
    storage = urlunsplit(parts._replace(netloc=place))
    settings = {"RATE_LIMITS": "on", "RATE_LIMIT_STORAGE": storage, "WORKERS": "2"}
    with site.server("shared-limits", own_database, **settings) as server:
        client = site.as_host(server).client
        together = allowed(client)
        assert abs(together - allowed(somewhere())) <= 1
        relay.hang()
        assert log_in() == 503
        relay.cut()
        assert log_in() == 503
        relay.resume()
        relay.mend()
        wait_until(lambda: log_in() == 401, "the limits are back", 10)
