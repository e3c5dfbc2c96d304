"""Input and output of the account routes."""

from typing import Any

from django.contrib.auth.password_validation import validate_password
from rest_framework import serializers

from apps.accounts import services
from apps.accounts.models import Session, User
from apps.core.fields import Email, Text
from apps.core.lists import ListQuery, SearchQuery, sort_field


class Password(Text):
    """A wrong password is a wrong password however short; only a new one has to be good."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=128, **kwargs)


class NewPassword(Password):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_length=8, validators=[validate_password], **kwargs)


class UserName(Text):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=200, required=False, allow_null=True, **kwargs)


class RegisterSerializer(serializers.Serializer):
    email = Email()
    password = NewPassword()
    name = UserName()


class LoginSerializer(serializers.Serializer):
    email = Email()
    password = Password(allow_blank=True)


class RefreshSerializer(serializers.Serializer):
    refresh_token = Text(max_length=1000, allow_blank=True)


class AddressSerializer(serializers.Serializer):
    email = Email()


class MailTokenSerializer(serializers.Serializer):
    token = Text(max_length=1000, allow_blank=True)


class ResetPasswordSerializer(MailTokenSerializer):
    new_password = NewPassword()


class ChangePasswordSerializer(serializers.Serializer):
    current_password = Password(allow_blank=True)
    new_password = NewPassword()


class TokenPairSerializer(serializers.Serializer):
    access_token = serializers.CharField()
    refresh_token = serializers.CharField()
    token_type = serializers.ChoiceField(["Bearer"])
    expires_in = serializers.IntegerField()


class SessionSerializer(serializers.ModelSerializer):
    current = serializers.SerializerMethodField()

    class Meta:
        model = Session
        fields = ("id", "current", "user_agent", "ip", "created_at", "last_used_at")

    def get_current(self, session: Session) -> bool:
        return bool(session == self.context["request"].auth)


class SessionQuery(ListQuery):
    sort = serializers.HiddenField(default="-last_used_at")


class UserSerializer(serializers.ModelSerializer):
    name = UserName()

    class Meta:
        model = User
        fields: tuple[str, ...] = ("id", "email", "name", "role", "email_verified", "created_at")
        read_only_fields: tuple[str, ...] = ("email", "role", "email_verified")

    def update(self, instance: User, validated_data: dict[str, Any]) -> User:
        return services.change_user(instance, validated_data)


class UserForAdminSerializer(UserSerializer):
    class Meta(UserSerializer.Meta):
        fields = (*UserSerializer.Meta.fields, "is_active")
        read_only_fields = ("email", "email_verified")


class UserQuery(SearchQuery):
    role = serializers.ChoiceField(User.Role.choices, required=False)
    is_active = serializers.BooleanField(required=False)
    email_verified = serializers.BooleanField(required=False)
    sort = sort_field("created_at", "email", "name")
