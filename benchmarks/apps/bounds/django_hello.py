"""Django alone. Its ORM is only imported: the memory of one idle worker is compared with this."""

import django.db.models  # noqa: F401
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, JsonResponse
from django.urls import path


def live(_request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], MIDDLEWARE=[])
urlpatterns = [path("health/live", live)]
app = get_wsgi_application()
