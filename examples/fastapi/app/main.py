"""The application: middleware, error handlers and routes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app.api import routers
from app.core import docs, health
from app.core.config import get_settings
from app.core.database import create_engine
from app.core.errors import HANDLERS
from app.core.limits import Limiter
from app.core.logging import configure_logging
from app.core.middleware import CORS, HostMiddleware, RequestMiddleware
from app.core.openapi import DESCRIPTION, describe_problems


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    settings = get_settings()
    app.state.engine = create_engine(settings)
    app.state.reader = app.state.engine.execution_options(sqlite_reader=True)
    app.state.limiter = Limiter(settings)
    try:
        yield
    finally:
        await app.state.engine.dispose()


def create_app() -> FastAPI:
    settings = get_settings()
    configure_logging(settings)
    app = FastAPI(
        title="shop",
        description=DESCRIPTION,
        lifespan=lifespan,
        openapi_url="/openapi.json" if settings.docs_enabled else None,
        docs_url=None,
        redoc_url=None,
        swagger_ui_oauth2_redirect_url=None,
        redirect_slashes=False,
        exception_handlers=HANDLERS,
        generate_unique_id_function=lambda route: route.name,
    )

    # Middleware added last runs first.
    app.add_middleware(HostMiddleware, settings=settings)
    if settings.cors_origins:
        app.add_middleware(
            CORS,
            allow_origins=settings.cors_origins,
            allow_methods=["*"],
            allow_headers=["*"],
            expose_headers=["ETag", "Location", "Retry-After", "X-Request-ID"],
        )
    app.add_middleware(RequestMiddleware, settings=settings)
    describe_problems(app)

    app.include_router(docs.router)
    app.include_router(health.router)
    for router in routers:
        app.include_router(router, prefix="/api/v1", max_body_size=settings.max_body_bytes)
    return app
