"""Settings: defaults, and values that are refused."""

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from app.core.config import Settings, get_settings

EXAMPLE = Path(__file__).parents[1] / ".env.example"
# What a deployment has to set.
DEPLOYED = {"MAIL_URL": "smtp://localhost", "PUBLIC_URL": "https://shop.example.com"}


def load(monkeypatch: pytest.MonkeyPatch, **environment: str) -> Settings:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return get_settings.__wrapped__()


def test_example_names_every_setting() -> None:
    names = re.findall(r"^(\w+)=", EXAMPLE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(names) == sorted(name.upper() for name in Settings.model_fields)


def test_example_has_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("SECRET_KEY", "k" * 32)
    defaults = load(monkeypatch)
    monkeypatch.setitem(Settings.model_config, "env_file", EXAMPLE)
    example = load(monkeypatch)
    assert example == defaults


def test_lists_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(monkeypatch, ALLOWED_HOSTS="a.example, b.example,")
    assert settings.allowed_hosts == ("a.example", "b.example")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LOG_LEVEL", "LOUD"),
        ("PORT", "99999"),
        ("ALLOWED_HOSTS", "*.example.com"),
        ("CORS_ORIGINS", "https://*.example.com"),
        ("CORS_ORIGINS", "https://app.example.com/"),
        ("CORS_ORIGINS", '["https://app.example.com"]'),
        ("DATABASE_URL", "mysql://localhost/shop"),
        ("FORWARDED_ALLOW_IPS", "nginx"),
        ("FORWARDED_ALLOW_IPS", "*"),
        ("MAIL_URL", "smpt://mail.example.com"),
        ("MAIL_URL", "smtp://mail.example.com:many"),
        ("PUBLIC_URL", "shop.example.com"),
    ],
)
def test_unknown_value_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    with pytest.raises(ValidationError, match=name.lower()):
        load(monkeypatch, **{name: value})


@pytest.mark.parametrize("key", ["", "short", "k" * 31, "change-me-to-32-random-bytes-or-more"])
def test_weak_key_is_refused(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    with pytest.raises(ValidationError, match="secret_key"):
        load(monkeypatch, SECRET_KEY=key)


def test_error_does_not_show_the_secret_key(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValidationError) as caught:
        load(monkeypatch, SECRET_KEY="hunter2")
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("environment", ["production", "staging", "test"])
def test_production_hides_the_docs_and_logs_json(
    monkeypatch: pytest.MonkeyPatch, environment: str
) -> None:
    settings = load(monkeypatch, ENVIRONMENT=environment, **DEPLOYED)
    assert not settings.docs_enabled
    assert settings.json_logs


def test_production_defaults_can_be_overridden(monkeypatch: pytest.MonkeyPatch) -> None:
    values = {"ENVIRONMENT": "production", "DOCS": "true", "LOG_FORMAT": "text"} | DEPLOYED
    settings = load(monkeypatch, **values)
    assert settings.docs_enabled
    assert not settings.json_logs


@pytest.mark.parametrize("name", ["MAIL_URL", "PUBLIC_URL"])
def test_production_requires_own_urls(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    for other, value in DEPLOYED.items():
        monkeypatch.setenv(other, "" if other == name else value)
    with pytest.raises(ValidationError, match=name):
        load(monkeypatch, ENVIRONMENT="production")
