from django.conf import settings
from django.contrib.auth import views as django
from django.urls import path, reverse_lazy
from django.views.decorators.cache import never_cache

from . import views
from .forms import WelcomeForm

change = django.PasswordChangeView.as_view(template_name="account/password.html")
changed = django.PasswordChangeDoneView.as_view(template_name="account/password_done.html")
asked = django.PasswordResetDoneView.as_view(
    template_name="account/reset_done.html", extra_context={"has_mail_server": bool(settings.EMAIL_URL)}
)
reset = django.PasswordResetConfirmView.as_view(template_name="account/reset_confirm.html")
ready = django.PasswordResetCompleteView.as_view(template_name="account/ready.html")
#: An invitation is a reset of the password that nobody has, by Django's own token.
welcome = django.PasswordResetConfirmView.as_view(
    template_name="account/welcome.html",
    form_class=WelcomeForm,
    reset_url_token="begin",  # noqa: S106 - a part of the address
    success_url=reverse_lazy("password_reset_complete"),
)

urlpatterns = [
    path("", views.account, name="account"),
    path("login/", views.login, name="login"),
    path("logout/", django.LogoutView.as_view(), name="logout"),
    path("password/", never_cache(change), name="password_change"),
    path("password/done/", never_cache(changed), name="password_change_done"),
    path("reset/", views.password_reset, name="password_reset"),
    path("reset/sent/", asked, name="password_reset_done"),
    path("reset/done/", ready, name="password_reset_complete"),
    path("reset/<uidb64>/<token>/", reset, name="password_reset_confirm"),
    path("welcome/<uidb64>/<token>/", welcome, name="welcome"),
    path("second-factor/", views.second_factor_page, name="second-factor"),
    path("invitations/", views.invitations, name="invitations"),
    path("invitations/<int:pk>/", views.person, name="person"),
]
