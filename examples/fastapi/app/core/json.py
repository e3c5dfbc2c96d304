"""Strict JSON in request bodies (RFC 8259)."""

import json
from collections.abc import Callable, Coroutine
from typing import Any, NoReturn

from fastapi import Request, Response
from fastapi.routing import APIRoute

from app.core.errors import malformed_json


def refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


class JSONRequest(Request):
    async def json(self) -> Any:
        """Parse the body: in UTF-8, without NaN and Infinity, which Python would accept."""
        try:
            return json.loads((await self.body()).decode(), parse_constant=refuse_constant)
        except (ValueError, RecursionError) as error:
            raise malformed_json() from error


class JSONRoute(APIRoute):
    """For `APIRouter(route_class=JSONRoute)`."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handle_json(request: Request) -> Response:
            return await handle(JSONRequest(request.scope, request.receive))

        return handle_json
