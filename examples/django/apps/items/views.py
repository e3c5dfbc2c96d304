"""/api/v1/items"""

from apps.core.viewsets import ResourceViewSet
from apps.items.models import Item
from apps.items.serializers import ItemQuery, ItemSerializer


class ItemViewSet(ResourceViewSet):
    queryset = Item.objects.all()
    serializer_class = ItemSerializer
    query_class = ItemQuery
    search_fields = ("title", "description")
