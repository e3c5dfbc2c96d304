"""The project's URLs."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView
from rest_framework.routers import SimpleRouter

from apps.core import views
from apps.items.views import ItemViewSet

router = SimpleRouter(trailing_slash=False, use_regex_path=False)
router.register("items", ItemViewSet)
# Resources of your own go below this line.

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.RootView.as_view()),
    path("health/live", views.LiveView.as_view()),
    path("health/ready", views.ReadyView.as_view()),
    path("api/v1/", include("apps.accounts.urls")),
    path("api/v1/", include(router.urls)),
]
if settings.DOCS:
    urlpatterns += [
        path("openapi.json", views.OpenAPIView.as_view(), name="openapi"),
        path("docs", views.DocsView.as_view()),
    ]
if settings.ADMIN_PATH:
    admin_path = settings.ADMIN_PATH.removeprefix("/")
    urlpatterns += [
        path(admin_path, RedirectView.as_view(pattern_name="admin:index")),
        path(f"{admin_path}/", admin.site.urls),
    ]

handler400 = "apps.core.errors.bad_request"
handler403 = "apps.core.errors.forbidden"
handler404 = "apps.core.errors.not_found"
handler500 = "apps.core.errors.server_error"
