"""The entry point `/` and the documentation page `/docs`."""

from fastapi import APIRouter, HTTPException, Request
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse

from app.core.config import get_settings

# One exact version, so that the page does not change by itself.
SWAGGER_UI = "https://cdn.jsdelivr.net/npm/swagger-ui-dist@5.35.0"

router = APIRouter(include_in_schema=False)


@router.get("/")
async def index(request: Request) -> dict[str, str]:
    """Links to the parts of the service."""
    links = {"api": "/api/v1", "health": "/health/ready"}
    if get_settings().docs_enabled:
        links |= {"docs": "/docs", "openapi": "/openapi.json"}
    return {name: request.scope["root_path"] + path for name, path in links.items()}


@router.get("/docs")
async def docs(request: Request) -> HTMLResponse:
    if not get_settings().docs_enabled:
        raise HTTPException(404)
    return get_swagger_ui_html(
        openapi_url="openapi.json",
        title=request.app.title,
        swagger_js_url=f"{SWAGGER_UI}/swagger-ui-bundle.js",
        swagger_css_url=f"{SWAGGER_UI}/swagger-ui.css",
    )
