"""List every route with its methods."""

import re
from collections.abc import Iterator
from typing import Any

from django.core.management import BaseCommand
from django.urls import URLPattern, URLResolver, get_resolver


class Command(BaseCommand):
    help = "List every route with its methods."

    def handle(self, **_: Any) -> str:
        routes = sorted(find_routes(get_resolver().url_patterns))
        return "\n".join(f"{methods:<20} {path}" for path, methods in routes)


def find_routes(
    patterns: list[URLPattern | URLResolver], prefix: str = "/"
) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        path = prefix + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from find_routes(pattern.url_patterns, path)
        else:
            yield path, ", ".join(find_methods(pattern.callback)) or "ANY"


def find_methods(view: Any) -> list[str]:
    view_class = getattr(view, "view_class", getattr(view, "cls", None))
    allowed = set(getattr(view_class, "http_method_names", ())) - {"head", "options"}
    offered = getattr(view, "actions", None) or dir(view_class)
    return [name.upper() for name in sorted(allowed & set(offered))]
