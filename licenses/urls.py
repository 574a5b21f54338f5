from django.urls import path

from .views.comparison import comparison
from .views.licenses import clauses, license, release
from .views.models import model, models

urlpatterns = [
    path("", comparison, name="comparison"),
    path("models/", models, name="models"),
    path("models/<str:org>/<str:name>/", model, name="model"),
    path("licenses/<str:slug>/", license, name="license"),
    path("releases/<str:slug>/", release, name="release"),
    path("clauses/", clauses, name="clauses"),
]
