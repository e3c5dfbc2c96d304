"""JSON in and out, whatever the headers ask for."""

from collections.abc import Iterable, Mapping
from typing import IO, Any

from rest_framework import parsers
from rest_framework.exceptions import ParseError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.utils import json


class JSONParser(parsers.JSONParser):
    """Reads UTF-8 only (RFC 8259, section 8.1), and refuses what is nested too deeply."""

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        try:
            return json.loads(stream.read().decode(), parse_constant=json.strict_constant)
        except (ValueError, RecursionError) as error:
            raise ParseError from error


class AlwaysJSON(DefaultContentNegotiation):
    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        renderer = next(iter(renderers))
        return renderer, renderer.media_type


def read_body(request: Request) -> Any:
    """Return the parsed body; an empty body is None, whereas REST framework takes it for {}."""
    return request.data if request.stream else None
