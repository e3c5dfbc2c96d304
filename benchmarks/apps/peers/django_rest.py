"""Django with REST framework and its tokens, as their documentation shows them."""

from benchmarks.apps.peers.django_setup import make_app

app = make_app(
    "benchmarks.apps.peers.django_views",
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "rest_framework"],
    MIDDLEWARE=[],
    REST_FRAMEWORK={
        "DEFAULT_AUTHENTICATION_CLASSES": [
            "benchmarks.apps.peers.django_auth.BearerAuthentication"
        ],
        "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    },
)
