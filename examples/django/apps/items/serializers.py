"""Input and output of the item routes."""

from rest_framework import serializers

from apps.core.pagination import SearchQuery, sort_field
from apps.core.serializers import OwnedSerializer
from apps.items.models import Item


class ItemSerializer(OwnedSerializer):
    class Meta:
        model = Item
        fields = (
            "id",
            "title",
            "description",
            "status",
            "due_on",
            "created_at",
            "updated_at",
        )


class ItemQuery(SearchQuery):
    status = serializers.ChoiceField(Item.Status.choices, required=False)
    sort = sort_field("created_at", "updated_at", "title", "status", "due_on")
