"""The entry point `/` and the documentation page `/docs`."""

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.staticfiles import StaticFiles

from app.core.config import get_settings

# The page works without the internet: a package brings the scripts.
swagger_ui = StaticFiles(packages=[("fastapi_offline", "static")])

router = APIRouter(include_in_schema=False)


@router.get("/")
async def index(request: Request) -> dict[str, str]:
    """Links to the parts of the service."""
    links = {"api": "/api/v1", "health": "/health/ready"}
    if get_settings().docs_enabled:
        links |= {"docs": "/docs", "openapi": "/openapi.json"}
    return {name: request.scope["root_path"] + path for name, path in links.items()}


@router.get("/docs")
async def docs(request: Request) -> Response:
    if not get_settings().docs_enabled:
        raise HTTPException(404)
    # Relative URLs, which a path prefix does not change.
    return get_swagger_ui_html(
        openapi_url="openapi.json",
        title=request.app.title,
        swagger_js_url="docs/swagger-ui-bundle.js",
        swagger_css_url="docs/swagger-ui.css",
        swagger_favicon_url="docs/favicon.png",
    )


@router.get("/docs/{name}")
async def docs_file(name: str, request: Request) -> Response:
    if not get_settings().docs_enabled:
        raise HTTPException(404)
    return await swagger_ui.get_response(name, request.scope)
