"""The map of the API: one line for each package that has routes."""

from apiflask import APIFlask

from app.auth.routes import bp as auth
from app.items.routes import bp as items
from app.users.routes import bp as users


def init_app(app: APIFlask) -> None:
    app.register_blueprint(auth)
    app.register_blueprint(users)
    app.register_blueprint(items)
    # Blueprints of your own go below this line.
