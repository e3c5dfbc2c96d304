# ruff: noqa: F821 (the names of the URLs that this is written behind)
urlpatterns += [
    path("accounts/", include("allauth.urls")),
    path("__debug__/", include("debug_toolbar.urls")),
    path("", include("django_prometheus.urls")),
]
