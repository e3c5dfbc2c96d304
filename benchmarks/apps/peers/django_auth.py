"""REST framework's tokens, kept in the table of sessions."""

from rest_framework.authentication import TokenAuthentication

from benchmarks.apps.peers.django_models import Session


class BearerAuthentication(TokenAuthentication):
    keyword, model = "Bearer", Session
