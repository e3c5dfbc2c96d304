"""Faults in the templates, each with the step and the test of the project that must fail."""

from __future__ import annotations

from .fault import Fault

RESOURCE = "{% yield resource from resources %}{{ resource.plural }}{% endyield %}"
FASTAPI = f"templates/fastapi/app/{RESOURCE}/router.py.jinja"
FLASK = f"templates/flask/app/{RESOURCE}/routes.py.jinja"
DJANGO = "templates/django/apps/core/viewsets.py.jinja"
SERVICE = "templates/_shared/sqlalchemy/auth/service.py.jinja"
ROTATION = "refresh_hash=tokens.hash_refresh_token(successor)"

FAULTS = [
    Fault(
        "FastAPI lists the objects of all users",
        FASTAPI,
        "{% if private %}.where({{ Name }}.owner_id == user.id){% endif %}",
        "",
        "test_rows_of_other_users_are_not_found",
        "fastapi",
        "own-tests",
    ),
    Fault(
        "Flask lists the objects of all users",
        FLASK,
        "{% if private %}.where({{ Name }}.owner_id == current_user().id){% endif %}",
        "",
        "test_rows_of_other_users_are_not_found",
        "flask",
        "own-tests",
    ),
    Fault(
        "Django serves the objects of all users",
        DJANGO,
        ".filter(owner_id=self.request.user.pk)",
        "",
        "test_rows_of_other_users_are_not_found",
        "django",
        "own-tests",
    ),
    Fault(
        "FastAPI accepts a refresh token twice",
        SERVICE,
        ROTATION,
        "refresh_hash=given",
        "test_refresh",
        "fastapi",
        "own-tests",
    ),
    Fault(
        "Flask accepts a refresh token twice",
        SERVICE,
        ROTATION,
        "refresh_hash=given",
        "test_refresh",
        "flask",
        "own-tests",
    ),
    Fault(
        "Django accepts a refresh token twice",
        "templates/django/apps/accounts/services.py",
        ROTATION,
        "refresh_hash=given",
        "test_refresh",
        "django",
        "own-tests",
    ),
    Fault(
        "FastAPI answers a deletion with 202",
        FASTAPI,
        '[path, "status_code=204",',
        '[path, "status_code=202",',
        "test_deleting_answers_an_empty_204",
        "fastapi",
        "contract",
    ),
    Fault(
        "Flask leaves out a security header",
        "templates/flask/app/core/hooks.py.jinja",
        '    "X-Content-Type-Options": "nosniff",\n',
        "",
        "test_headers",
        "flask",
        "contract",
    ),
    Fault(
        "Django changes an object whose version is out of date",
        DJANGO,
        "            check_etag(record, self.request)\n",
        "            pass\n",
        "test_a_stale_version_is_412",
        "django",
        "contract",
    ),
    Fault(
        "a migration of FastAPI lacks a column",
        "templates/_shared/sqlalchemy/migrations/account_tables.jinja",
        '        sa.Column("name", sa.String(200), nullable=True),\n',
        "",
        "New upgrade operations detected",
        "fastapi",
        "drift",
    ),
    Fault(
        "a migration of Flask lacks an index",
        "templates/_shared/sqlalchemy/migrations/account_tables.jinja",
        '    op.create_index("ix_sessions_user_id", "sessions", ["user_id"])\n',
        "",
        "Detected added index 'ix_sessions_user_id'",
        "flask",
        "drift",
    ),
    Fault(
        "a title differs from the contract's",
        "templates/_shared/titles.py",
        '"Content Too Large"',
        '"Payload Too Large"',
        "413",
        "fastapi",
        "contract",
    ),
    Fault(
        "a type is wrong",
        SERVICE,
        "def refresh_expiry() -> dt.datetime:",
        "def refresh_expiry() -> int:",
        "Incompatible return value type",
        "fastapi",
        "check",
    ),
]
# These are noticed by the tests of all variants, without running a project.
RENDERED = [
    Fault(
        "a dependency is not declared",
        "templates/fastapi/pyproject.toml.jinja",
        '    "click>=8.5",\n',
        "",
        "tests/variants/test_lint.py::test_imports_are_the_declared_dependencies",
    ),
    Fault(
        "a file is not formatted",
        "templates/flask/app/users/routes.py",
        '@bp.delete("/me")',
        "@bp.delete('/me')",
        "tests/variants/test_lint.py::test_ruff_would_format_nothing",
    ),
    Fault(
        "a feature that is off leaves a file",
        "copier.yml",
        "    compose.yaml\n",
        "",
        "tests/variants/test_render.py::test_every_variant_has_the_files_that_its_answers_ask_for",
    ),
    Fault(
        "a template names a variable that there is not",
        "templates/_shared/pyproject.toml.jinja",
        "{{ python_version }}",
        "{{ python_versio }}",
        "tests/variants/test_render.py::test_files_parse",
    ),
    Fault(
        "every request is sampled, whatever the caller says",
        "templates/_shared/telemetry/telemetry.py.jinja",
        '"parentbased_traceidratio"',
        '"always_on"',
        "test_others_are_not_sent",
        "fastapi",
        "contract",
        "otel",
    ),
    Fault(
        "what telemetry has recorded is lost when the server ends",
        "templates/_shared/telemetry/telemetry.py.jinja",
        "        thread.start()",
        "        pass",
        "test_what_is_left_is_sent_before_the_server_ends",
        "fastapi",
        "contract",
        "otel",
    ),
    Fault(
        "Flask counts requests by paths that clients make up",
        "templates/_shared/telemetry/wsgi.jinja",
        'route = environ.get(ROUTE, "")',
        "route = path",
        "test_durations_are_sent_by_route",
        "flask",
        "contract",
        "flask-otel",
    ),
]
