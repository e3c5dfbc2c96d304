"""Settings, read once from the environment and from `.env`."""

from functools import cache
from ipaddress import ip_network
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    BeforeValidator,
    Field,
    PositiveInt,
    SecretStr,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

CommaSeparated = Annotated[
    tuple[str, ...],
    NoDecode,
    BeforeValidator(lambda text: text.replace(",", " ").split() if isinstance(text, str) else text),
]


class Settings(BaseSettings):
    """One attribute for each environment variable; `.env.example` explains them."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        hide_input_in_errors=True,
    )

    environment: str = "development"
    secret_key: SecretStr
    database_url: Annotated[str, Field(repr=False)] = "sqlite:///app.db"
    database_pool_size: PositiveInt = 20
    database_timeout_seconds: PositiveInt = 30
    allowed_hosts: CommaSeparated = ("localhost", "127.0.0.1", "[::1]")
    cors_origins: CommaSeparated = ()
    forwarded_allow_ips: CommaSeparated = ("127.0.0.1",)
    root_path: str = ""
    max_body_bytes: PositiveInt = 1024 * 1024
    docs: bool | None = None

    public_url: str = "http://localhost:8000"
    mail_url: Annotated[str, Field(repr=False)] = "file://./.mail"
    mail_from: str = "noreply@localhost"

    access_token_seconds: PositiveInt = 15 * 60
    refresh_token_seconds: PositiveInt = 30 * 24 * 3600
    email_token_seconds: PositiveInt = 24 * 3600
    reset_token_seconds: PositiveInt = 3600

    rate_limits: bool = True
    rate_limit_storage: Annotated[str, Field(repr=False)] = "memory://"

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    workers: PositiveInt = 1
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["text", "json"] | None = None

    @property
    def production(self) -> bool:
        """Whether the rules of production hold, as they do in every environment but one."""
        return self.environment != "development"

    @property
    def docs_enabled(self) -> bool:
        return not self.production if self.docs is None else self.docs

    @property
    def json_logs(self) -> bool:
        return self.production if self.log_format is None else self.log_format == "json"

    @field_validator("database_url")
    @classmethod
    def refuse_other_databases(cls, url: str) -> str:
        if url.partition(":")[0] not in {"sqlite", "postgres", "postgresql", "postgresql+psycopg"}:
            raise ValueError("must begin with sqlite:/// or postgresql://")
        return url

    @field_validator("allowed_hosts")
    @classmethod
    def refuse_patterns(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if any("*" in name and name != "*" for name in names):
            raise ValueError("takes complete host names, or * for all")
        return names

    @field_validator("cors_origins")
    @classmethod
    def refuse_other_origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        for origin in origins:
            url = urlsplit(origin)
            if origin != "*" and ("*" in origin or origin != f"{url.scheme}://{url.netloc}"):
                raise ValueError(f"{origin} is not an origin, such as https://app.example.com")
        return origins

    @field_validator("forwarded_allow_ips")
    @classmethod
    def refuse_names(cls, proxies: tuple[str, ...]) -> tuple[str, ...]:
        for proxy in proxies:
            ip_network(proxy, strict=False)  # a ValueError says what is wrong
        return proxies

    @field_validator("root_path")
    @classmethod
    def with_one_slash(cls, path: str) -> str:
        return f"/{path.strip('/')}" if path.strip("/") else ""

    @field_validator("secret_key")
    @classmethod
    def refuse_weak_key(cls, key: SecretStr) -> SecretStr:
        # RFC 7518, section 3.2: an HS256 key has at least 256 bits.
        if len(key.get_secret_value().encode()) < 32:
            raise ValueError("needs 32 bytes or more")
        if key.get_secret_value().startswith("change-me"):
            raise ValueError("is the example's; generate one with `openssl rand -hex 32`")
        return key

    @field_validator("mail_url")
    @classmethod
    def refuse_unknown_transport(cls, value: str) -> str:
        url = urlsplit(value)
        if url.scheme not in {"file", "smtp", "smtps", "console"} or url.port == 0:
            raise ValueError("must begin with file://, smtp://, smtps:// or console:")
        return value

    @field_validator("public_url")
    @classmethod
    def refuse_other_links(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        return value.rstrip("/")

    @model_validator(mode="after")
    def refuse_defaults_in_production(self) -> Self:
        for name in ("mail_url", "public_url"):
            if self.production and name not in self.model_fields_set:
                what = f"{name.upper()} must be set where ENVIRONMENT is not development"
                raise ValueError(what)
        return self


@cache
def get_settings() -> Settings:
    return Settings()  # type: ignore[call-arg]  # the environment has the rest
