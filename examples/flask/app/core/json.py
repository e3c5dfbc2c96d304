"""Strict JSON in request bodies (RFC 8259)."""

from typing import Any, NoReturn

from flask import Flask, Request, request
from flask.json.provider import DefaultJSONProvider

from app.core.errors import Problem, invalid, malformed_json

FORM = "application/x-www-form-urlencoded"


class StrictJSONProvider(DefaultJSONProvider):
    """JSON in UTF-8, without NaN and Infinity, which Python would accept."""

    sort_keys = False

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        text = s.decode() if isinstance(s, bytes) else s
        try:
            return super().loads(text, parse_constant=refuse_constant, **kwargs)
        except RecursionError as error:
            raise ValueError("nested too deeply") from error


def refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


class JSONRequest(Request):
    def on_json_loading_failed(self, e: ValueError | None) -> Any:
        if e is None:
            raise unsupported_media_type()
        raise malformed_json() from e


def unsupported_media_type() -> Problem:
    return Problem(415, detail="Send JSON, with Content-Type: application/json.")


def init_app(app: Flask) -> None:
    app.json = StrictJSONProvider(app)
    app.request_class = JSONRequest

    @app.before_request
    def check_body() -> None:
        """Check what APIFlask does not: the content type, and that there is a body."""
        if request.method == "OPTIONS":
            return  # a preflight request, which has none
        view = app.view_functions.get(request.endpoint or "")
        spec = getattr(view, "_spec", {})
        if "body" not in spec:
            if spec:
                request.get_data()  # gunicorn would close the connection if it were not read
            return
        body, limit = request.get_data(), request.max_content_length
        if limit is not None and len(body) >= limit:
            raise Problem(413, detail="The body is too large.")
        if spec["content_type"] == FORM:
            if body and request.mimetype != FORM:
                raise Problem(415, detail=f"Send a form, with Content-Type: {FORM}.")
            return
        if body and not request.is_json:
            raise unsupported_media_type()
        if not body or request.get_json() is None:
            raise invalid({"pointer": "#", "detail": "must be an object"})
