"""The admin site."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from apps.core.errors import Problem
from apps.core.limits import hit


class AdminSite(admin.AdminSite):
    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        try:
            if request.method == "POST":
                hit("login", request, request.POST.get("username", ""))
        except Problem as problem:
            return problem.response()
        return super().login(request, extra_context)
