"""What a project must have and must not have by its answers, written apart from the templates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

ALWAYS = {
    ".copier-answers.yml",
    ".editorconfig",
    ".env.example",
    ".gitignore",
    ".vscode/extensions.json",
    ".vscode/launch.json",
    ".vscode/settings.json",
    "AGENTS.md",
    "README.md",
}
IN_PYTHON = {".pre-commit-config.yaml", "pyproject.toml"}
BY_FRAMEWORK = {
    "express": {
        "always": {
            ".npmrc",
            "biome.json",
            "migrations/postgresql/0001_initial.ts",
            "migrations/postgresql/snapshot.json",
            "migrations/sqlite/0001_initial.ts",
            "migrations/sqlite/snapshot.json",
            "package.json",
            "src/api.ts",
            "src/app.ts",
            "src/cli.ts",
            "src/entities.ts",
            "tsconfig.json",
        },
        "auth": {"SECURITY.md", "src/auth/guard.ts", "src/users/model.ts", "tests/limits.test.ts"},
        "no auth": {
            "SECURITY.md",
            "src/auth",
            "src/users",
            "src/core/limits.ts",
            "src/core/mail.ts",
            "tests/limits.test.ts",
            "tests/mail.test.ts",
        },
        "never had auth": set(),
        "resource": "src/{plural}",
        "modules": ("model.ts", "routes.test.ts", "routes.ts", "schemas.ts", "testing.ts"),
    },
    "fastapi": {
        "always": {
            "app/api.py",
            "app/main.py",
            "app/core/config.py",
            "migrations/env.py",
            "migrations/versions/0001_initial.py",
        },
        "auth": {
            "app/auth/models.py",
            "app/auth/tests/test_login.py",
            "app/users/models.py",
            "app/users/service.py",
            "app/users/tests.py",
        },
        "no auth": {"app/auth", "app/users", "tests/test_mail.py", "tests/test_limits.py"},
        "never had auth": set(),
        "resource": "app/{plural}",
        "modules": ("__init__.py", "models.py", "router.py", "schemas.py", "tests.py"),
    },
    "flask": {
        "always": {
            "app/__init__.py",
            "app/api.py",
            "app/cli.py",
            "app/core/config.py",
            "migrations/versions/0001_initial.py",
        },
        "auth": {
            "app/auth/models.py",
            "app/auth/tests/test_login.py",
            "app/users/models.py",
            "app/users/service.py",
            "app/users/tests.py",
        },
        "no auth": {"app/auth", "app/users", "tests/test_mail.py", "tests/test_limits.py"},
        "never had auth": set(),
        "resource": "app/{plural}",
        "modules": ("__init__.py", "models.py", "routes.py", "schemas.py", "tests.py"),
    },
    "django": {
        "always": {
            "gunicorn.conf.py",
            "manage.py",
            "config/settings.py",
            "config/urls.py",
            "apps/core/errors.py",
            "apps/core/management/commands/serve.py",
        },
        "auth": {
            "apps/accounts/migrations/0001_initial.py",
            "apps/accounts/models.py",
            "apps/accounts/tests/test_login.py",
            "apps/core/admin.py",
            "tests/test_admin.py",
        },
        "no auth": {
            "apps/core/admin.py",
            "tests/test_admin.py",
            "tests/test_throttling.py",
            "tests/test_mail.py",
        },
        "never had auth": {"apps/accounts"},
        "had auth": {
            "apps/accounts/__init__.py",
            "apps/accounts/migrations/0001_initial.py",
            "apps/accounts/models.py",
        },
        "had auth, no more": {
            "apps/accounts/admin.py",
            "apps/accounts/management",
            "apps/accounts/tests",
            "apps/accounts/urls.py",
            "apps/accounts/views.py",
        },
        "resource": "apps/{plural}",
        "modules": (
            "__init__.py",
            "migrations/0001_initial.py",
            "models.py",
            "serializers.py",
            "tests.py",
            "views.py",
        ),
    },
}
COPY_DATA = {
    "fastapi": "app/copy_data.py",
    "flask": "app/copy_data.py",
    "django": "apps/core/management/commands/copydata.py",
}
EXISTING = {
    "fastapi": "app/core/existing.py",
    "flask": "app/core/existing.py",
    "django": "apps/core/existing.py",
}
JOBS_OF_SQLALCHEMY = {
    "app/core/job_commands.py",
    "app/core/jobs.py",
    "app/core/worker.py",
    "app/job_list.py",
    "tests/test_jobs.py",
}
JOBS = {
    "fastapi": JOBS_OF_SQLALCHEMY,
    "flask": JOBS_OF_SQLALCHEMY,
    "django": {
        "apps/core/jobs.py",
        "apps/core/management/commands/jobs.py",
        "apps/core/management/commands/worker.py",
        "apps/core/tasks.py",
        "apps/core/worker.py",
        "tests/test_jobs.py",
    },
}
JOBS_OF_ACCOUNTS = {
    "fastapi": "app/auth/jobs.py",
    "flask": "app/auth/jobs.py",
    "django": "apps/accounts/tasks.py",
}
JOBS_OF_FILES = {
    "fastapi": "app/files/jobs.py",
    "flask": "app/files/jobs.py",
    "django": "apps/files/tasks.py",
}
TELEMETRY = {
    "fastapi": {"app/core/telemetry.py", "app/core/tracing.py", "tests/test_telemetry.py"},
    "flask": {"app/core/telemetry.py", "app/core/tracing.py", "tests/test_telemetry.py"},
    "django": {"apps/core/telemetry.py", "apps/core/tracing.py", "tests/test_telemetry.py"},
}
FILES_OF_SQLALCHEMY = {
    "app/files/__init__.py",
    "app/files/downloads.py",
    "app/files/links.py",
    "app/files/models.py",
    "app/files/ranges.py",
    "app/files/schemas.py",
    "app/files/service.py",
    "app/files/signatures.py",
    "app/files/storage.py",
    "app/files/tests.py",
    "app/files/uploads.py",
}
FILES = {
    "fastapi": FILES_OF_SQLALCHEMY | {"app/files/router.py"},
    "flask": FILES_OF_SQLALCHEMY | {"app/files/routes.py"},
    "django": {
        "apps/files/__init__.py",
        "apps/files/downloads.py",
        "apps/files/links.py",
        "apps/files/management/commands/sweep_files.py",
        "apps/files/migrations/0001_initial.py",
        "apps/files/models.py",
        "apps/files/ranges.py",
        "apps/files/s3.py",
        "apps/files/serializers.py",
        "apps/files/signatures.py",
        "apps/files/storage.py",
        "apps/files/tests/test_downloads.py",
        "apps/files/tests/test_links.py",
        "apps/files/tests/test_storage.py",
        "apps/files/tests/test_uploads.py",
        "apps/files/uploads.py",
        "apps/files/urls.py",
        "apps/files/views.py",
    },
}
FILES_OF_ROWS = {
    "fastapi": "app/files/deletion.py",
    "flask": "app/files/deletion.py",
    "django": "apps/files/apps.py",
}
DOCKER = {"Dockerfile", "compose.yaml", ".dockerignore", ".devcontainer/devcontainer.json"}
CI = {
    "github": {
        ".github/dependabot.yml",
        ".github/workflows/ci.yml",
        ".github/workflows/update.yml",
    },
    "gitlab": {".gitlab-ci.yml", "renovate.json"},
}


def expected_files(answers: Mapping[str, Any]) -> tuple[set[str], set[str]]:
    """Return files that must be there, and files and folders that must not."""
    framework: dict[str, Any] = BY_FRAMEWORK[answers["framework"]]
    modules = framework["modules"]
    python = set() if answers["framework"] == "express" else IN_PYTHON
    wanted = ALWAYS | python | framework["always"]
    unwanted = {".env", "uv.lock", "package-lock.json"}
    for resource in answers["resources"]:
        folder = framework["resource"].format(plural=resource["plural"])
        wanted |= {f"{folder}/{module}" for module in modules}
        if answers["framework"] == "express":
            refers = any("target" in field for field in resource["fields"])
            (wanted if refers else unwanted).add(f"{folder}/references.ts")
    if answers["auth"] == "tokens":
        wanted |= framework["auth"]
    else:
        unwanted |= framework["no auth"]
    if answers["had_accounts"]:
        wanted |= framework["had auth"]
        unwanted |= framework["had auth, no more"]
    elif answers["auth"] == "none":
        unwanted |= framework["never had auth"]
    existing = {EXISTING[answers["framework"]]} if python else set()
    if any("table" in resource for resource in answers["resources"]):
        wanted |= existing
    else:
        unwanted |= existing
    copying = {COPY_DATA[answers["framework"]]} if python else set()
    if answers["database"] == "postgres":
        wanted |= copying
    else:
        unwanted |= copying
    queue = JOBS.get(answers["framework"], set())
    of_accounts = {JOBS_OF_ACCOUNTS[answers["framework"]]} if queue else set()
    if answers["jobs"] == "queue":
        wanted |= queue | (of_accounts if answers["auth"] == "tokens" else set())
    else:
        unwanted |= queue | of_accounts
    of_files = {JOBS_OF_FILES[answers["framework"]]} if queue else set()
    if answers["jobs"] == "queue" and answers["storage"] == "files":
        wanted |= of_files
    else:
        unwanted |= of_files
    telemetry = TELEMETRY.get(answers["framework"], set())
    if answers["observability"] == "otel":
        wanted |= telemetry
    else:
        unwanted |= telemetry
    files = FILES.get(answers["framework"], set())
    if answers["storage"] == "files":
        wanted |= files
    else:
        unwanted |= files
    of_rows = {FILES_OF_ROWS[answers["framework"]]} if python else set()
    fields = [field for one in answers["resources"] for field in one.get("fields", ())]
    if answers["storage"] == "files" and any(field.get("target") == "file" for field in fields):
        wanted |= of_rows
    else:
        unwanted |= of_rows
    if answers["docker"]:
        wanted |= DOCKER
    else:
        unwanted |= DOCKER
    for system, files in CI.items():
        if answers["ci"] == system:
            wanted |= files
        else:
            unwanted |= {path.partition("/")[0] for path in files}
    return wanted, unwanted


# What would tell of a feature, as whole words, and phrases that mean something else by them.
WORDS = {
    "auth": (
        "account accounts argon argon2 auth authentication bearer credential credentials hashing "
        "jwt login logout mail mails owner owned owners passphrase password passwords refresh "
        "register secret secrets sessions token tokens user users",
        [
            r"import secrets|secrets\.randbits|from secrets import token_hex|token_hex\(\d+\)",
            r"USER:PASSWORD|POSTGRES_(USER|PASSWORD)",  # the database's own
            r"hide_password=",  # SQLAlchemy's, of a URL
            r"register_(blueprint|error_handler)",  # Flask's
            r"\b(session|db)\.refresh\(|refresh_from_db",  # of a row
            r"engine, sessions|database and its sessions|asynchronous sessions",  # SQLAlchemy's
            r"Allow-Credentials|without_credentials",  # of CORS
            r"no secrets|token=hidden|Bearer hidden",  # what no log has, whoever sends it
            r"register_on_missing",  # drf-spectacular's
            r"router\.register\(|AUTHENTICATION_CLASSES|UNAUTHENTICATED_USER",  # REST framework's
            r"persist-credentials|GH_TOKEN: .*github\.token|gh auth",  # GitHub's
            r"the secret SCAFFOLD_TOKEN|git config user|users\.noreply",
            r"^USER 10001$",  # whom a container runs as
            r"\bauth: none",  # the answer itself
            r"[Ss]ecret[ _]key|SECRET_(ACCESS_)?KEY|secret_access_key|SecretStr|secret_value",
            r"secrets\.token_hex",  # of links to files
        ],
    ),
    "jobs": (
        "cron cronsim enqueue enqueued lease queue queued",
        [
            r"""cron: ["']""",  # when a workflow of CI runs
            r"a task queue \||run by cron or the platform",  # what the README says to use instead
            r"QUEUE( =|\])|test_queued_jobs_are_run",  # Django's threads
        ],
    ),
    "observability": (
        "telemetry otel opentelemetry otlp sentry prometheus metrics trace traces tracing span",
        [
            r"observability: none",
            r"such as Sentry|Sentry and",  # whoever else sees the log
            r"[Ss]tack trace",
            r"Trace_1\.2-3",  # an id of a request
        ],
    ),
    "storage": (
        "upload uploads uploaded download downloads obstore s3 aws storages sweep",
        [
            r"a file upload \|",  # what the README says of it
            r"DATA_UPLOAD_MAX_MEMORY_SIZE",  # Django's name of the limit of a body
            r"UV_PYTHON_DOWNLOADS",
        ],
    ),
    "docker": (
        "docker compose container dockerfile",
        [
            r"docker: false",
            r"container: node:24",  # what a job of GitHub runs in
            r"import (\w+, )*compose|compose\(|compose_and_send|(partial|send_later)\(compose",
        ],
    ),
    "ci": (
        "ci github gitlab workflow workflows actions",
        [
            r"ci: none",
            r"npm ci",
            r'"actions"',
            r"https://github\.com/\S+",
            r"codeActionsOnSave",
        ],
    ),
}
WORD = re.compile(r"[A-Z]?[a-z]+[0-9]*|[A-Z]+(?![a-z])")


@cache
def _rules(feature: str) -> tuple[frozenset[str], re.Pattern[str]]:
    words, others = WORDS[feature]
    return frozenset(words.split()), re.compile("|".join(others))


def traces(feature: str, path: str, text: str) -> Iterator[str]:
    """Yield the lines that speak of a feature."""
    words, others = _rules(feature)
    for line in [path, *text.splitlines()]:
        if not words.isdisjoint(map(str.lower, WORD.findall(line))):
            rest = others.sub("", line)
            if not words.isdisjoint(map(str.lower, WORD.findall(rest))):
                yield line.strip()
