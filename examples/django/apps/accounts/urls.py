"""URLs of the accounts, below /api/v1."""

from django.urls import path

from apps.accounts import views

urlpatterns = [
    path("auth/register", views.RegisterView.as_view(), name="register"),
    path("auth/login", views.LoginView.as_view(), name="login"),
    path("auth/token", views.LoginFormView.as_view(), name="token"),
    path("auth/refresh", views.RefreshView.as_view(), name="refresh"),
    path("auth/logout", views.LogoutView.as_view(), name="logout"),
    path("auth/sessions", views.SessionListView.as_view(), name="session-list"),
    path("auth/sessions/<uuid:id>", views.SessionView.as_view(), name="session-detail"),
    path("auth/email/resend", views.ResendVerificationView.as_view(), name="resend-verification"),
    path("auth/email/verify", views.VerifyEmailView.as_view(), name="verify-email"),
    path("auth/password/forgot", views.ForgotPasswordView.as_view(), name="forgot-password"),
    path("auth/password/reset", views.ResetPasswordView.as_view(), name="reset-password"),
    path("auth/password/change", views.ChangePasswordView.as_view(), name="change-password"),
    path("users", views.UserListView.as_view(), name="user-list"),
    path("users/me", views.MeView.as_view(), name="me"),
    path("users/<uuid:id>", views.UserView.as_view(), name="user-detail"),
]
