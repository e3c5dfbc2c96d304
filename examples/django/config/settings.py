"""The settings; those that differ between machines come from environment variables."""

import warnings
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

from apps.core.logging import configure_structlog
from config import env

BASE_DIR = Path(__file__).parents[1]

environ.Env.read_env(BASE_DIR / ".env")

ENVIRONMENT = env.read("ENVIRONMENT", default="development")
PRODUCTION = ENVIRONMENT != "development"
DEBUG = env.read("DEBUG", env.boolean, default="off")
if DEBUG and PRODUCTION:
    raise ImproperlyConfigured("DEBUG must be false outside development (see .env.example)")
SECRET_KEY = env.read("SECRET_KEY", env.secret_key)

ALLOWED_HOSTS = env.read("ALLOWED_HOSTS", env.comma_separated, default="localhost,127.0.0.1,[::1]")
FORWARDED_ALLOW_IPS = env.read("FORWARDED_ALLOW_IPS", env.networks, default="127.0.0.1")
FORCE_SCRIPT_NAME = env.read("ROOT_PATH", env.path_prefix, default="")
DATA_UPLOAD_MAX_MEMORY_SIZE = env.read("MAX_BODY_BYTES", env.positive, default="1048576")
DOCS = env.read("DOCS", env.boolean, default="off" if PRODUCTION else "on")
# The admin site is not served outside development unless this is set.
ADMIN_PATH = env.read("ADMIN_PATH", env.path_prefix, default="" if PRODUCTION else "/admin")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "corsheaders",
    "drf_spectacular",
    "rest_framework",
    "apps.core",
    "apps.accounts",
    "apps.items",
    # Apps of your own go below this line.
]
if DOCS:
    INSTALLED_APPS += ["drf_spectacular_sidecar"]  # the scripts of /docs
MIDDLEWARE = [
    "apps.core.middleware.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "apps.core.middleware.HostMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = False
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASE_POOL_SIZE = env.read("DATABASE_POOL_SIZE", env.positive, default="20")
DATABASE_TIMEOUT_SECONDS = env.read("DATABASE_TIMEOUT_SECONDS", env.positive, default="30")
DATABASES = {
    "default": env.read(
        "DATABASE_URL",
        lambda url: env.database(url, DATABASE_TIMEOUT_SECONDS),
        default="sqlite:///app.db",
    )
}

TIME_ZONE = "UTC"
USE_I18N = False

SECURE_REFERRER_POLICY = "no-referrer"
# TLS ends at the proxy, so apps/core/middleware.py sends the header with every response.
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if PRODUCTION else 0
CSRF_FAILURE_VIEW = "apps.core.errors.csrf_failure"
SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_SECURE = PRODUCTION
CORS_ORIGINS = env.read("CORS_ORIGINS", env.origins, default="")
CORS_ALLOWED_ORIGINS = [origin for origin in CORS_ORIGINS if origin != "*"]
CORS_ALLOW_ALL_ORIGINS = "*" in CORS_ORIGINS
CORS_ALLOW_HEADERS = ["Authorization", "Content-Type", "If-Match", "X-Request-ID"]
CORS_EXPOSE_HEADERS = ["ETag", "Location", "Retry-After", "X-Request-ID"]

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["apps.accounts.authentication.BearerAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": ["apps.core.json.JSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "apps.core.json.AlwaysJSON",
    "DEFAULT_PAGINATION_CLASS": "apps.core.pagination.Pagination",
    "DEFAULT_SCHEMA_CLASS": "apps.core.openapi.Schema",
    "DEFAULT_METADATA_CLASS": None,
    "NUM_PROXIES": 0,  # apps/core/middleware.py puts the client's address into REMOTE_ADDR
    "EXCEPTION_HANDLER": "apps.core.exceptions.handle_exception",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "shop",
    "VERSION": "0.1.0",
    "DESCRIPTION": """\
In development, the first request is three commands in the folder of the project:

```
DEMO_PASSWORD=demo-passphrase uv run poe seed
TOKEN=$(curl -s localhost:8000/api/v1/auth/token -d grant_type=password \\
  -d username=demo@example.com -d password=demo-passphrase |
  grep -o '"access_token": *"[^"]*' | cut -d '"' -f 4)
curl localhost:8000/api/v1/items -H "Authorization: Bearer $TOKEN"
```

On this page, the button `Authorize` takes that email address and password. Programs send theirs to
`POST /api/v1/auth/login`, and the `access_token` of the response with every other request, as
`Authorization: Bearer <access_token>`. It is valid for some minutes; `POST /api/v1/auth/refresh`
exchanges the `refresh_token` for a new pair, once.

Every error is a problem (RFC 9457), in `application/problem+json`.
""",
    "OAS_VERSION": "3.1.0",
    "SERVERS": [{"url": FORCE_SCRIPT_NAME}] if FORCE_SCRIPT_NAME else [],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "DISABLE_DOCSTRING_DESCRIPTIONS": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": ["apps.core.openapi.complete"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    # The page /docs asks for email address and password, and sends them to this URL.
    "APPEND_COMPONENTS": {
        "securitySchemes": {
            "Login": {
                "type": "oauth2",
                "description": (
                    "Your email address is the username. Leave the client's fields empty."
                ),
                "flows": {
                    "password": {
                        "tokenUrl": f"{FORCE_SCRIPT_NAME or ''}/api/v1/auth/token",
                        "scopes": {},
                    }
                },
            }
        }
    },
}

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# New hashes are of the first kind; logging in replaces those of other kinds.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
ACCESS_TOKEN_SECONDS = env.read("ACCESS_TOKEN_SECONDS", env.positive, default="900")
REFRESH_TOKEN_SECONDS = env.read("REFRESH_TOKEN_SECONDS", env.positive, default="2592000")
EMAIL_TOKEN_SECONDS = env.read("EMAIL_TOKEN_SECONDS", env.positive, default="86400")
RESET_TOKEN_SECONDS = env.read("RESET_TOKEN_SECONDS", env.positive, default="3600")

RATE_LIMITS = env.read("RATE_LIMITS", env.boolean, default="on")
RATE_LIMIT_STORAGE = env.read(
    "RATE_LIMIT_STORAGE", env.url("memory", "redis", "rediss"), default="memory://"
)

PUBLIC_URL = env.read(
    "PUBLIC_URL",
    env.url("http", "https"),
    default=None if PRODUCTION else "http://localhost:8000",
).rstrip("/")
MAIL_URL = env.read(
    "MAIL_URL",
    env.url("file", "smtp", "smtps", "console"),
    default=None if PRODUCTION else "file://./.mail",
)
DEFAULT_FROM_EMAIL = env.read("MAIL_FROM", default="noreply@localhost")
MAILERS = {"default": {"BACKEND": "apps.core.mail.open_transport"}}

STATIC_URL = f"{FORCE_SCRIPT_NAME or ''}/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
# Without `collectstatic`, WhiteNoise serves the files from where they are installed.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = not PRODUCTION
warnings.filterwarnings("ignore", "No directory at")

HOST = env.read("HOST", default="127.0.0.1")
PORT = env.read("PORT", env.positive, default="8000")
WORKERS = env.read("WORKERS", env.positive, default="1")

LOG_LEVEL = env.read("LOG_LEVEL", env.one_of("DEBUG", "INFO", "WARNING", "ERROR"), default="INFO")
LOG_FORMAT = env.read(
    "LOG_FORMAT", env.one_of("text", "json"), default="json" if PRODUCTION else "text"
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"default": {"()": "apps.core.logging.formatter", "log_format": LOG_FORMAT}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "default"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": []},
        # Each request has a line of its own already, so only errors are of interest here.
        "django.request": {"level": "ERROR"},
        "django.server": {"handlers": [], "level": "ERROR", "propagate": True},
        "gunicorn.error": {"propagate": True},
    },
}
configure_structlog()

SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # subdomains may have no TLS
    "security.W021",
    "security.W008",  # redirecting to https is the proxy's task
]
# Settings of your own go below this line.
