"""Reads the facts of a framework from its part of `scaffold.yml`."""

from __future__ import annotations

from dataclasses import fields

from generator.questions.facts import (
    Commands,
    Facts,
    FirstRequest,
    Formatter,
    HostFile,
    Lock,
    MigrationCheck,
    Migrations,
    Models,
    Monorepo,
    Program,
    ReservedNames,
    Setting,
    Settings,
    TakenNames,
)
from generator.questions.node import Node


def facts_of(node: Node) -> Facts:
    """Return the facts that `node` describes; raises `ScaffoldError` when it is damaged."""
    commands, base = node["commands"], node["base_url"].text()
    check, reserved = node["pending_migrations"], node["reserved"]
    request = node["first_request"]
    return Facts(
        commands=Commands(*(commands[f.name].text() for f in fields(Commands))),
        urls={name: f"{base}{page.text()}" for name, page in node["pages"].children()},
        first_request=FirstRequest(request["when"].entries(), request["shell"].text()),
        settings=_settings(node["settings"]) if node["settings"] else None,
        migrations=_migrations(node["migrations"]) if node["migrations"] else None,
        models=_models(node["models"]) if node["models"] else None,
        pending_migrations=MigrationCheck(
            check["arguments"].texts(), check["answer"].text(), check["program"].text()
        )
        if check["arguments"].texts() and check["answer"].text()
        else None,
        programs=tuple(
            Program(one["name"].text(), one["at_least"].number(0), one["cure"].text())
            for one in node["programs"].items()
        ),
        packages=node["packages"].text(),
        formatter=_formatter(node["formatter"]),
        lock=_lock(node["lock"]) if node["lock"] else None,
        monorepo=_monorepo(node["monorepo"]) if node["monorepo"] else None,
        reserved=ReservedNames(*(_taken(reserved[f.name]) for f in fields(ReservedNames))),
        lacking=node["lacking"].text(),
        dropped_table=node["dropped_table"].text(),
        has_defaults=node["has_defaults"].flag(default=False),
        has_access=node["has_access"].flag(default=False),
        has_limits=node["has_limits"].flag(default=False),
        has_relations=node["has_relations"].flag(default=False),
        has_references=node["has_references"].flag(default=True),
        has_renames=node["has_renames"].flag(default=False),
        has_resource_renames=node["has_resource_renames"].flag(default=False),
        keeps_labels=node["keeps_labels"].flag(default=False),
        has_endpoints=node["has_endpoints"].flag(default=False),
        has_existing=node["has_existing"].flag(default=False),
        keeps_tables=node["keeps_tables"].text(),
        tables=node["tables"].texts(),
        account_tables=node["account_tables"].texts(),
    )


def _formatter(node: Node) -> Formatter | None:
    command = node["command"].texts()
    return Formatter(command, node["suffixes"].texts()) if command else None


def _settings(node: Node) -> Settings:
    return Settings(
        file=node["file"].text(".env"),
        example=node["example"].text(".env.example"),
        database_url=node["database_url"].text(),
        secret_endings=node["secret_endings"].texts(),
        least_secret_bytes=node["least_secret_bytes"].number(0),
        host=_setting(node["host"]),
        port=_setting(node["port"]),
    )


def _lock(node: Node) -> Lock:
    return Lock(
        file=node["file"].text(),
        of=node["of"].text(),
        make=node["make"].text(),
        check=node["check"].text(),
        needed_by=node["needed_by"].texts(),
    )


def _monorepo(node: Node) -> Monorepo:
    files = (
        HostFile(file["path"].text(), file["at"].text(), file["line"].text())
        for file in node["files"].items()
    )
    return Monorepo(node["answer"].text(), node["needed_by"].texts(), tuple(files))


def _migrations(node: Node) -> Migrations:
    return Migrations(*(node[f.name].text() for f in fields(Migrations)))


def _models(node: Node) -> Models:
    return Models(*(node[f.name].text() for f in fields(Models)))


def _setting(node: Node) -> Setting:
    return Setting(node["name"].text(), node["default"].text())


def _taken(node: Node) -> tuple[TakenNames, ...]:
    return tuple(
        TakenNames(
            frozenset(group["names"].texts()), group["reason"].text(), group["when"].entries()
        )
        for group in node.items()
    )
