"""URLs of the files, below /api/v1."""

from django.urls import path

from apps.files import views

urlpatterns = [
    path("files", views.FileListView.as_view(), name="file-list"),
    path("files/<uuid:id>", views.FileView.as_view(), name="file-detail"),
    path("files/<uuid:id>/content", views.FileContentView.as_view(), name="file-content"),
    path("files/<uuid:id>/download", views.FileDownloadView.as_view(), name="file-download"),
    path("files/<uuid:id>/links", views.FileLinksView.as_view(), name="file-links"),
]
