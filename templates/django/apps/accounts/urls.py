"""URLs of the accounts, below /api/v1."""

from django.urls import path

from apps.accounts import views

urlpatterns = [
    path("auth/register", views.Register.as_view()),
    path("auth/login", views.Login.as_view()),
    path("auth/refresh", views.Refresh.as_view()),
    path("auth/logout", views.Logout.as_view()),
    path("auth/sessions", views.SessionList.as_view()),
    path("auth/sessions/<uuid:pk>", views.SessionDetail.as_view()),
    path("auth/email/resend", views.ResendVerification.as_view()),
    path("auth/email/verify", views.VerifyEmail.as_view()),
    path("auth/password/forgot", views.ForgotPassword.as_view()),
    path("auth/password/reset", views.ResetPassword.as_view()),
    path("auth/password/change", views.ChangePassword.as_view()),
    path("users", views.UserList.as_view()),
    path("users/me", views.Me.as_view()),
    path("users/<uuid:pk>", views.UserDetail.as_view()),
]
