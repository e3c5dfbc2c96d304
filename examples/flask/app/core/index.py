"""The entry point `/`."""

from apiflask import APIFlask
from flask import request


def init_app(app: APIFlask, *, has_docs: bool) -> None:
    links = {"api": "/api/v1", "health": "/health/ready"}
    if has_docs:
        links |= {"docs": "/docs", "openapi": "/openapi.json"}

    @app.get("/")
    @app.doc(hide=True)
    def index() -> dict[str, str]:
        """Links to the parts of the service."""
        return {name: request.root_path + path for name, path in links.items()}
