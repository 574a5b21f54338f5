from django.urls import path, register_converter

from licenses.urls import Name

from .views import bind, conclude, retire_rule

register_converter(Name, "repository")

urlpatterns = [
    path("curate/names/", bind, name="bind"),
    path("curate/models/<repository:org>/<repository:name>/", conclude, name="conclude"),
    path("curate/rules/<int:pk>/retire/", retire_rule, name="retire-rule"),
]
