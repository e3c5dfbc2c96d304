import apps.core.models
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="Item",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=apps.core.models.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "owner",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(app_label)s",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "title",
                    models.CharField(max_length=200),
                ),
                (
                    "description",
                    models.TextField(null=True, blank=True),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("todo", "Todo"),
                            ("doing", "Doing"),
                            ("done", "Done"),
                        ],
                        max_length=20,
                        default="todo",
                    ),
                ),
                (
                    "due_on",
                    models.DateField(null=True, blank=True),
                ),
            ],
            options={
                "ordering": ("-created_at", "-id"),
                "abstract": False,
                "indexes": [
                    models.Index(fields=["owner", "created_at", "id"], name="items_list"),
                ],
            },
        ),
    ]
