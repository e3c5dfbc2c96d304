"""The map of the API: one line for each package that has routes."""

from app.auth.router import router as auth
from app.items.router import router as items
from app.users.router import router as users

routers = [
    auth,
    users,
    items,
    # Routers of your own go below this line.
]
