"""The tables of schema.sql as Django declares them."""

from uuid import uuid4

from django.db import models


class User(models.Model):
    id = models.UUIDField(primary_key=True)
    email = models.CharField(max_length=254)
    name = models.CharField(max_length=200, null=True)
    role = models.CharField(max_length=20)
    is_active = models.BooleanField()
    email_verified = models.BooleanField()
    created_at = models.DateTimeField()
    is_authenticated = True

    class Meta:
        app_label, db_table = "peers", "users"


class Session(models.Model):
    """Also what REST framework calls a token: its key is the id."""

    key = models.UUIDField(primary_key=True, db_column="id")
    user = models.ForeignKey(User, models.CASCADE)
    expires_at = models.DateTimeField()

    class Meta:
        app_label, db_table = "peers", "sessions"


class Item(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid4)
    owner = models.ForeignKey(User, models.CASCADE)
    title = models.CharField(max_length=200)
    description = models.TextField(null=True, blank=True)
    status = models.CharField(max_length=20, default="todo")
    due_on = models.DateField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        app_label, db_table, ordering = "peers", "items", ("-created_at", "-id")
