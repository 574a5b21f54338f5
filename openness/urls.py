"""Every public address starts here."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from openness import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    # Before Django's own: it would let people in without their second factor.
    path("admin/login/", RedirectView.as_view(pattern_name="login", query_string=True)),
    path("admin/", admin.site.urls),
    path("account/", include("openness.accounts.urls")),
    path("", include("ingest.urls")),
    path("", include("licenses.urls")),
]
