"""Flask alone. Its ORM is only imported: the memory of one idle worker is compared with this."""

import sqlalchemy.orm  # noqa: F401
from flask import Flask

app = Flask(__name__)


@app.get("/health/live")
def live() -> dict[str, str]:
    return {"status": "ok"}
