from django.urls import path, register_converter

from .views.comparison import comparison
from .views.licenses import clauses, license, release
from .views.models import model, models


class Name:
    """A slug or the name of a repository: like Django's slug, with dots (`llama-3.1`)."""

    regex = r"[A-Za-z0-9_.\-]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Name, "name")

urlpatterns = [
    path("", comparison, name="comparison"),
    path("models/", models, name="models"),
    path("models/<name:org>/<name:name>/", model, name="model"),
    path("licenses/<name:slug>/", license, name="license"),
    path("releases/<name:slug>/", release, name="release"),
    path("clauses/", clauses, name="clauses"),
]
