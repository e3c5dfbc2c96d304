"""Errors are problems: each row of the table, each place in the input."""

from __future__ import annotations

import pytest

from .client import Client
from .expect import expect_invalid, expect_problem
from .openapi import Document
from .people import Host, Person, new_email
from .resource import Resource

NOWHERE = "01890000-0000-7000-8000-000000000000"


@pytest.mark.contract("errors.problem", "errors.not-found")
@pytest.mark.parametrize(
    "path",
    [
        "/api",
        "/api/v1",
        "/no/such",
        "/api/v1/no-such",
        "/favicon.ico",
        "/api/v1//x",
        "/%ff",
    ],
)
def test_an_unknown_path_is_a_404_problem(client: Client, path: str) -> None:
    problem = expect_problem(client.root.get(path), 404)
    assert problem["title"] == "Not Found"
    assert "errors" not in problem


@pytest.mark.contract("errors.problem", "errors.not-found")
def test_an_error_is_a_problem_whatever_is_accepted(client: Client) -> None:
    for accept in ("text/html", "application/xml", "image/*;q=0.1", "garbage", ""):
        expect_problem(client.get("/no-such", headers={"Accept": accept}), 404)


@pytest.mark.contract("errors.not-found")
def test_an_unknown_object_is_404(resources: list[Resource]) -> None:
    for resource in resources:
        owner, path = resource.owner, f"{resource.path}/{NOWHERE}"
        for answer in (owner.get(path), owner.patch(path, {}), owner.delete(path)):
            expect_problem(answer, 404)


@pytest.mark.contract("errors.not-found")
def test_a_path_with_two_slashes_in_front_does_not_exist(me: Client, document: Document) -> None:
    """A proxy's rule for a path would not see it."""
    for path in ("//health/live", f"//api/v1{document.resources[0]}"):
        message = me.root.message("GET", path, headers=[("Connection", "close")])
        answer = me.raw(message)
        assert answer is not None
        expect_problem(answer, 404)


ODD_IDS = ["1", "x", "not-a-uuid", NOWHERE + "0", NOWHERE[:-1], "%00", "..%2f", "%F0%9F%8D%B5"]


@pytest.mark.contract("conventions.malformed-id", "errors.not-found")
@pytest.mark.parametrize("odd", ODD_IDS)
def test_a_malformed_id_is_404(resources: list[Resource], odd: str) -> None:
    for resource in resources:
        owner, path = resource.owner, f"{resource.path}/{odd}"
        for answer in (owner.get(path), owner.patch(path, {}), owner.delete(path)):
            expect_problem(answer, 404)


@pytest.mark.contract("conventions.malformed-id", "errors.not-found")
@pytest.mark.auth
@pytest.mark.parametrize("odd", ODD_IDS)
def test_a_malformed_id_of_a_user_or_a_session_is_404(host: Host, admin: Person, odd: str) -> None:
    for answer in (
        admin.get(f"/users/{odd}"),
        admin.patch(f"/users/{odd}", {"name": "x"}),
        admin.delete(f"/auth/sessions/{odd}"),
    ):
        expect_problem(answer, 404)


@pytest.mark.contract("errors.method")
def test_a_method_that_does_not_exist_is_405(me: Client, resources: list[Resource]) -> None:
    for resource in resources:
        answer = resource.owner.request("PUT", resource.path, json={})
        assert expect_problem(answer, 405)["title"] == "Method Not Allowed"
        assert {"GET", "POST"} <= set(answer.headers["allow"].replace(" ", "").split(","))
        answer = resource.owner.request("PUT", f"{resource.path}/{NOWHERE}", json={})
        expect_problem(answer, 405)
        allowed = set(answer.headers["allow"].replace(" ", "").split(","))
        assert {"GET", "PATCH", "DELETE"} <= allowed
    expect_problem(me.root.post("/health/live"), 405)


@pytest.mark.contract("errors.method")
@pytest.mark.parametrize("method", ["TRACE", "PROPFIND", "FOO", "CONNECT"])
def test_an_odd_method_is_a_problem(client: Client, method: str) -> None:
    answer = client.root.raw(
        client.root.message(method, "/health/live", headers=[("Connection", "close")]),
        watched=False,  # Not every parser of HTTP knows them, and then no application is asked.
    )
    assert answer is None or 400 <= answer.status_code < 500


@pytest.mark.contract("errors.method")
@pytest.mark.auth
def test_a_405_on_authentication_names_its_methods(client: Client) -> None:
    answer = client.get("/auth/login")
    expect_problem(answer, 405)
    assert answer.headers["allow"].split(",")[0].strip() in ("POST", "OPTIONS")


@pytest.mark.contract("errors.not-authenticated", "resources.owner")
@pytest.mark.auth
def test_without_a_token_it_is_401(client: Client, document: Document) -> None:
    not_public = [path for path in document.resources if document.access(path).read != "all"]
    for path in ["/users/me", "/users", "/auth/sessions", *not_public]:
        answer = client.get(path)
        problem = expect_problem(answer, 401, "not-authenticated")
        assert problem["title"] == "Unauthorized"
        assert answer.headers["www-authenticate"].startswith("Bearer")
    expect_problem(client.post("/auth/logout"), 401, "not-authenticated")
    for resource in document.resources:
        expect_problem(client.post(resource, {}), 401, "not-authenticated")
    for resource in not_public:
        expect_problem(client.get(f"{resource}/{NOWHERE}"), 401, "not-authenticated")


@pytest.mark.contract("errors.invalid-credentials", "auth.login")
@pytest.mark.auth
def test_a_wrong_login_is_the_same_401_for_everyone(client: Client, newcomer: Person) -> None:
    answers = [
        client.post("/auth/login", {"email": email, "password": "wrong-password-9"})
        for email in (newcomer.email, new_email())
    ]
    problems = [expect_problem(answer, 401, "invalid-credentials") for answer in answers]
    assert problems[0]["detail"] == problems[1]["detail"]
    assert answers[0].headers["www-authenticate"].startswith("Bearer")


@pytest.mark.contract("errors.wrong-password")
@pytest.mark.auth
def test_a_wrong_current_password_is_403(stranger: Person) -> None:
    body = {"current_password": "wrong-password-9", "new_password": "another-good-one-7"}
    problem = expect_problem(stranger.post("/auth/password/change", body), 403, "wrong-password")
    assert problem["title"] == "Forbidden"
    assert stranger.again().has_access()


@pytest.mark.contract("errors.mail-token")
@pytest.mark.auth
@pytest.mark.parametrize("token", ["", "x", "x" * 5000, "é🍵", "a.b.c", "../..", "' OR 1=1 --"])
def test_a_wrong_mail_token_is_400(client: Client, token: str) -> None:
    requests = [
        ("/auth/email/verify", {"token": token}),
        ("/auth/password/reset", {"token": token, "new_password": "another-good-one-7"}),
    ]
    for path, body in requests:
        answer = client.post(path, body)
        if answer.status_code == 422 and len(token) in (0, 5000):
            expect_invalid(answer, "#/token")  # No length that a token can have.
        else:
            assert expect_problem(answer, 400, "invalid-token")["title"] == "Bad Request"


@pytest.mark.contract("errors.validation", "errors.pointer", "errors.titles")
@pytest.mark.auth
def test_a_422_names_every_place_in_the_body(client: Client) -> None:
    problem = expect_invalid(client.post("/auth/register", {"email": "nonsense", "password": 1}))
    assert problem["title"] == "Unprocessable Content"
    assert {place["pointer"] for place in problem["errors"]} == {"#/email", "#/password"}


@pytest.mark.contract("errors.validation", "errors.pointer")
@pytest.mark.auth
def test_a_missing_field_is_named(client: Client) -> None:
    answer = client.post("/auth/login", {"email": new_email()})
    assert [place["pointer"] for place in expect_invalid(answer)["errors"]] == ["#/password"]


@pytest.mark.contract("errors.validation", "errors.pointer")
@pytest.mark.items
def test_every_wrong_field_of_an_item_is_named(me: Client) -> None:
    body = {"title": "", "description": 1, "status": "someday", "due_on": "2026-02-30"}
    problem = expect_invalid(me.post("/items", body))
    named = {place["pointer"] for place in problem["errors"]}
    assert named == {"#/title", "#/description", "#/status", "#/due_on"}


@pytest.mark.contract("errors.parameter")
@pytest.mark.items
def test_every_wrong_parameter_is_named(me: Client) -> None:
    problem = expect_invalid(me.get("/items?page=x&size=0&sort=nonsense&status=someday"))
    named = {place["parameter"] for place in problem["errors"]}
    assert named >= {"page", "size"}
    for query in ("sort=nonsense", "status=someday"):
        expect_invalid(me.get(f"/items?{query}"), parameter=query.partition("=")[0])


@pytest.mark.contract("errors.no-leaks")
def test_an_error_in_production_tells_nothing(production: Host) -> None:
    client = production.client
    for answer in (
        client.get("/no-such"),
        client.root.request("DELETE", "/health/live"),
        client.request("POST", "/no-such", content=b"{", headers={"Content-Type": "a/b"}),
    ):
        problem = expect_problem(answer, answer.status_code)
        assert set(problem) <= {"type", "title", "status", "detail", "instance", "errors"}


@pytest.mark.contract("errors.problem")
@pytest.mark.parametrize("header", ["X", "Cookie", "Authorization", "Accept-Language"])
def test_huge_headers_are_no_5xx(client: Client, header: str) -> None:
    message = client.root.message(
        "GET", "/health/live", headers=[(header, "x" * 100_000), ("Connection", "close")]
    )
    answer = client.root.raw(message, watched=False)
    assert answer is None or answer.status_code < 500
