"""Names that `poe shell` knows: the models, `select` and a database session; `await` works."""

from sqlalchemy import select

import app.api  # noqa: F401  # imports all models
from app.core.config import get_settings
from app.core.database import Base, create_engine, open_session

__all__ = ["db", "select"]

db = open_session(create_engine(get_settings()))
globals().update((mapper.class_.__name__, mapper.class_) for mapper in Base.registry.mappers)
