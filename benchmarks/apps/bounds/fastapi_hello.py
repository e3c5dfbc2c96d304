"""FastAPI alone. Its ORM is only imported: the memory of one idle worker is compared with this."""

import sqlalchemy.ext.asyncio  # noqa: F401
from fastapi import FastAPI

app = FastAPI(openapi_url=None)


@app.get("/health/live")
async def live() -> dict[str, str]:
    return {"status": "ok"}
