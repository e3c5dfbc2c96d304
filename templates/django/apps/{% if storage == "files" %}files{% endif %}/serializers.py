"""Input and output of the file routes."""

from rest_framework import serializers

from apps.core.fields import IntegerField
from apps.core.pagination import SearchQuery, sort_field
from apps.core.serializers import ModelSerializer
from apps.files.models import File

HOUR = 3600
WEEK = 7 * 24 * HOUR


class FileSerializer(ModelSerializer):
    class Meta:
        model = File
        fields = ("id", "name", "content_type", "size", "sha256", "created_at")
        read_only_fields = fields


class FileQuery(SearchQuery):
    sort = sort_field("created_at", "name", "size")


class FileLinkCreateSerializer(serializers.Serializer):
    expires_in = IntegerField(
        min_value=1, max_value=WEEK, default=HOUR, help_text="For how many seconds it is valid."
    )


class FileLinkSerializer(serializers.Serializer):
    url = serializers.CharField(help_text="URL that downloads the file without a login.")
    expires_at = serializers.DateTimeField(help_text="When the link expires, in UTC.")
