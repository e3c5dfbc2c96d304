"""Settings: what the environment may set, and what is refused."""

import re
from pathlib import Path
from runpy import run_path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).parents[1]
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")
NAMES = re.findall(r"^(\w+)=", EXAMPLE, re.MULTILINE)
PRODUCTION = {
    "ENVIRONMENT": "staging",
    "MAIL_URL": "smtp://mail.example",
    "PUBLIC_URL": "https://shop.example",
}


def load(monkeypatch: pytest.MonkeyPatch, **environment: str) -> dict[str, Any]:
    """Return the settings with these variables changed in the tests' environment."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    names = run_path(str(ROOT / "config" / "settings.py"))
    return {name: value for name, value in names.items() if name.isupper()}


def test_example_names_every_setting() -> None:
    source = (ROOT / "config" / "settings.py").read_text(encoding="utf-8")
    assert sorted(NAMES) == sorted(re.findall(r'\benv\.read\(\s*"(\w+)"', source))


def test_example_has_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    example = dict(re.findall(r"^(\w+)=(.*)$", EXAMPLE, re.MULTILINE))
    example["SECRET_KEY"] = "k" * 32
    given = load(monkeypatch, **example)
    defaults = dict.fromkeys(NAMES, "") | {"SECRET_KEY": "k" * 32}
    assert given == load(monkeypatch, **defaults)


def test_lists_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = load(monkeypatch, ALLOWED_HOSTS="a.example, b.example,")
    assert loaded["ALLOWED_HOSTS"] == ["a.example", "b.example"]


def test_body_limit_is_django_s_too(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(monkeypatch, MAX_BODY_BYTES="9")["DATA_UPLOAD_MAX_MEMORY_SIZE"] == 9


@pytest.mark.parametrize("path", ["shop", "shop/", "/shop", "/shop/"])
def test_prefix_of_the_proxy(monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    loaded = load(monkeypatch, ROOT_PATH=path)
    assert loaded["FORCE_SCRIPT_NAME"] == "/shop"
    assert loaded["SPECTACULAR_SETTINGS"]["SERVERS"] == [{"url": "/shop"}]
    assert loaded["STATIC_URL"] == "/shop/static/"


def test_postgresql_connections_are_kept_and_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    url = "postgresql://ann@db.example/sh%40p?sslmode=require"
    loaded = load(monkeypatch, DATABASE_URL=url)
    database = loaded["DATABASES"]["default"]
    assert database["NAME"] == "sh@p"
    assert database["CONN_HEALTH_CHECKS"]
    assert database["OPTIONS"]["sslmode"] == "require"
    assert database["CONN_MAX_AGE"] is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WORKERS", "0"),
        ("PORT", "http"),
        ("MAX_BODY_BYTES", "1 MB"),
        ("LOG_LEVEL", "LOUD"),
        ("DOCS", "maybe"),
        ("DATABASE_URL", "no-url"),
        ("DATABASE_URL", "mysql://localhost/app"),
        ("DATABASE_POOL_SIZE", "0"),
        ("DATABASE_TIMEOUT_SECONDS", "soon"),
        ("CORS_ORIGINS", "https://a.example/"),
        ("CORS_ORIGINS", '["https://a.example"]'),
        ("CORS_ORIGINS", "a.example"),
        ("FORWARDED_ALLOW_IPS", "10.0.0.0/33"),
        ("FORWARDED_ALLOW_IPS", "10.0.0.1/8"),
        ("FORWARDED_ALLOW_IPS", "10.0.0.1 10.0.0.2"),
        ("ACCESS_TOKEN_SECONDS", "-1"),
        ("RATE_LIMITS", "maybe"),
        ("RATE_LIMIT_STORAGE", "reddis://localhost"),
        ("MAIL_URL", "smpt://mail.example.com"),
        ("MAIL_URL", "smtp://mail.example.com:many"),
        ("PUBLIC_URL", "shop.example.com"),
    ],
)
def test_bad_value_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"^{name} ") as caught:
        load(monkeypatch, **{name: value})
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize(
    "origin", ["https://a.example", "http://localhost:3000", "http://[::1]:3000", "app://x", "*"]
)
def test_origin(monkeypatch: pytest.MonkeyPatch, origin: str) -> None:
    assert load(monkeypatch, CORS_ORIGINS=origin)["CORS_ORIGINS"] == [origin]


def test_debug_is_possible_in_development(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(monkeypatch, DEBUG="true")["DEBUG"]


@pytest.mark.parametrize("environment", ["production", "staging"])
def test_debug_is_refused_elsewhere(monkeypatch: pytest.MonkeyPatch, environment: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="DEBUG"):
        load(monkeypatch, **PRODUCTION | {"ENVIRONMENT": environment, "DEBUG": "true"})


@pytest.mark.parametrize("key", ["", "short", "k" * 31, "change-me-to-32-random-bytes-or-more"])
def test_weak_key_is_refused(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY"):
        load(monkeypatch, SECRET_KEY=key)


def test_refused_key_is_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured) as caught:
        load(monkeypatch, SECRET_KEY="hunter2")
    assert "hunter2" not in str(caught.value)


def test_key_may_begin_with_a_dollar_sign(monkeypatch: pytest.MonkeyPatch) -> None:
    key = "$" + "k" * 32
    assert load(monkeypatch, SECRET_KEY=key)["SECRET_KEY"] == key


@pytest.mark.parametrize("path", ["staff", "staff/", "/staff", "/staff/"])
def test_path_of_the_admin_site(monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    assert load(monkeypatch, ADMIN_PATH=path)["ADMIN_PATH"] == "/staff"


def test_passwords_are_hashed_with_argon2(monkeypatch: pytest.MonkeyPatch) -> None:
    first, *_ = load(monkeypatch)["PASSWORD_HASHERS"]
    assert first == "django.contrib.auth.hashers.Argon2PasswordHasher"


@pytest.mark.parametrize("name", ["MAIL_URL", "PUBLIC_URL"])
def test_production_needs_a_value(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=name):
        load(monkeypatch, **PRODUCTION | {name: ""})


def test_production_has_other_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = load(monkeypatch, **PRODUCTION)
    assert not loaded["DOCS"]
    assert loaded["LOG_FORMAT"] == "json"
    assert loaded["SECURE_HSTS_SECONDS"]
    assert not loaded["ADMIN_PATH"]


def test_production_has_the_same_middleware(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(monkeypatch)["MIDDLEWARE"] == load(monkeypatch, **PRODUCTION)["MIDDLEWARE"]


def test_production_can_have_docs_and_text_logs(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = load(monkeypatch, **PRODUCTION | {"DOCS": "true", "LOG_FORMAT": "text"})
    assert loaded["DOCS"]
    assert loaded["LOG_FORMAT"] == "text"
