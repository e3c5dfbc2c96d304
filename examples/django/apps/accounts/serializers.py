"""Input and output of the account routes."""

from typing import Any

from django.contrib.auth.password_validation import validate_password
from rest_framework import serializers

from apps.accounts import services
from apps.accounts.models import Session, User
from apps.core.fields import CharField, EmailField, TrueOrFalseField
from apps.core.pagination import ListQuery, SearchQuery, sort_field
from apps.core.serializers import ModelSerializer


class PasswordField(CharField):
    """A password to log in with, which is wrong rather than invalid when it is short."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"help_text": "The password.", "max_length": 128} | kwargs)


class NewPasswordField(PasswordField):
    def __init__(self) -> None:
        super().__init__(
            min_length=8,
            validators=[validate_password],
            help_text="The new password; common ones are refused.",
        )


class NameField(CharField):
    def __init__(self) -> None:
        super().__init__(
            max_length=200, required=False, allow_null=True, help_text="Name of the user."
        )


class TokenField(CharField):
    def __init__(self, help_text: str) -> None:
        super().__init__(max_length=1000, allow_blank=True, help_text=help_text)


class EmailAddressSerializer(serializers.Serializer):
    email = EmailField(help_text="Email address of the account.")


class LoginSerializer(EmailAddressSerializer):
    password = PasswordField(allow_blank=True)


class LoginFormSerializer(serializers.Serializer):
    grant_type = serializers.ChoiceField(["password"], help_text="Always `password`.")
    username = EmailField(help_text="Email address of the account.")
    password = PasswordField(allow_blank=True)


class RegisterSerializer(EmailAddressSerializer):
    password = NewPasswordField()
    name = NameField()


class RefreshSerializer(serializers.Serializer):
    refresh_token = TokenField("The refresh token, which can be used once.")


class EmailTokenSerializer(serializers.Serializer):
    token = TokenField("The token in the link of the email.")


class ResetPasswordSerializer(EmailTokenSerializer):
    new_password = NewPasswordField()


class ChangePasswordSerializer(serializers.Serializer):
    current_password = PasswordField(allow_blank=True, help_text="The current password.")
    new_password = NewPasswordField()


class TokenPairSerializer(serializers.Serializer):
    access_token = serializers.CharField(help_text="To be sent with each request.")
    refresh_token = serializers.CharField(help_text="To be exchanged for the next pair.")
    token_type = serializers.ChoiceField(["Bearer"], help_text="How to send the access token.")
    expires_in = serializers.IntegerField(help_text="Lifetime of the access token in seconds.")


class SessionSerializer(serializers.ModelSerializer):
    current = serializers.SerializerMethodField(help_text="Whether this request belongs to it.")

    class Meta:
        model = Session
        fields = ("id", "current", "user_agent", "ip", "created_at", "last_used_at")

    def get_current(self, session: Session) -> bool:
        return bool(session.pk == self.context["request"].auth)


class UserSerializer(ModelSerializer):
    name = NameField()

    class Meta:
        model = User
        fields: tuple[str, ...] = ("id", "email", "name", "role", "email_verified", "created_at")
        read_only_fields: tuple[str, ...] = ("email", "role", "email_verified")
        component_names: dict[str, str] = {"role": "Role"}

    def update(self, instance: User, validated_data: dict[str, Any]) -> User:
        return services.change_user(instance, validated_data)


class UserForAdminSerializer(UserSerializer):
    class Meta(UserSerializer.Meta):
        fields = (*UserSerializer.Meta.fields, "is_active")
        read_only_fields = ("email", "email_verified")
        component_names = UserSerializer.Meta.component_names | {
            "request": "UserUpdateByAdmin",
            "response": "UserForAdmin",
        }


class UserQuery(SearchQuery):
    role = serializers.ChoiceField(User.Role.choices, required=False)
    is_active = TrueOrFalseField(required=False)
    email_verified = TrueOrFalseField(required=False)
    sort = sort_field("created_at", "email", "name")


class SessionQuery(ListQuery):
    """Sessions cannot be sorted: the one that was used last comes first."""
