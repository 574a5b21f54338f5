from django.urls import path, register_converter

from .views import feeds
from .views.bringing import bring_text
from .views.changes import change, changes
from .views.check import check
from .views.clauses import clauses
from .views.compare import compare
from .views.comparison import comparison
from .views.confirm import confirm
from .views.copying import copy
from .views.corrections import correct
from .views.deciding import decide
from .views.duties import duties
from .views.establishing import new_license
from .views.history import audit, clause_history, curate_history, curator, curators, proposal
from .views.licenses import clause, license, licenses
from .views.lists import check_list
from .views.models import model, models
from .views.queue import claims, queue_page
from .views.reading import publish, read, reader, revert
from .views.releases import publisher, release
from .views.texts import model_text, model_text_diff, text, text_diff
from .views.verdicts import check_license, check_model, check_release


class Name:
    """A slug or the name of a repository: like Django's slug, with dots (`llama-3.1`)."""

    regex = r"[A-Za-z0-9_.\-]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class Form(Name):
    """The ending of a feed's address."""

    regex = "rss|atom|json"


register_converter(Name, "name")
register_converter(Form, "form")

urlpatterns = [
    path("", comparison, name="comparison"),
    path("models/", models, name="models"),
    path("models/<name:org>/<name:name>/", model, name="model"),
    path("models/<name:org>/<name:name>/text/<slug:key>/", model_text, name="model-text"),
    path("models/<name:org>/<name:name>/text/<slug:key>/diff/", model_text_diff, name="model-text-diff"),
    path("licenses/", licenses, name="licenses"),
    path("licenses/<name:slug>/", license, name="license"),
    path("licenses/<name:slug>/clauses/<slug:kind>/", clause, name="clause"),
    path("licenses/<name:slug>/clauses/<slug:kind>/correct/", correct, name="correct"),
    path("licenses/<name:slug>/clauses/<slug:kind>/history/", clause_history, name="clause-history"),
    path("licenses/<name:slug>/text/<slug:key>/", text, name="text"),
    path("licenses/<name:slug>/text/<slug:key>/diff/", text_diff, name="text-diff"),
    path("releases/<name:slug>/", release, name="release"),
    path("publishers/<name:slug>/", publisher, name="publisher"),
    path("clauses/", clauses, name="clauses"),
    path("check/", check, name="check"),
    path("check/list/", check_list, name="check-list"),
    path("check/releases/<name:slug>/", check_release, name="check-release"),
    path("check/licenses/<name:slug>/", check_license, name="check-license"),
    path("check/models/<name:org>/<name:name>/", check_model, name="check-model"),
    path("compare/", compare, name="compare"),
    path("releases/<name:slug>/duties/", duties, name="duties"),
    path("changes/", changes, name="changes"),
    path("changes/<slug:key>/", change, name="change"),
    path("changes.<form:form>", feeds.everything, name="feed"),
    path("licenses/<name:slug>/changes.<form:form>", feeds.of_license, name="license-feed"),
    path("releases/<name:slug>/changes.<form:form>", feeds.of_release, name="release-feed"),
    path("publishers/<name:slug>/changes.<form:form>", feeds.of_publisher, name="publisher-feed"),
    path("models/<name:org>/<name:name>/changes.<form:form>", feeds.of_model, name="model-feed"),
    path("proposals/<slug:key>/", proposal, name="proposal"),
    path("curators/", curators, name="curators"),
    path("curators/<int:pk>/", curator, name="curator"),
    path("audit.jsonl", audit, name="audit"),
    # The workbench. What is not a license comes first.
    path("curate/", queue_page, name="queue"),
    path("curate/claims/", claims, name="claims"),
    path("curate/new/", new_license, name="new-license"),
    path("curate/proposals/<slug:key>/", decide, name="decide"),
    path("curate/<name:slug>/", reader, name="reader"),
    path("curate/<name:slug>/publish/", publish, name="publish"),
    path("curate/<name:slug>/confirm/", confirm, name="confirm"),
    path("curate/<name:slug>/copy/", copy, name="copy"),
    path("curate/<name:slug>/text/", bring_text, name="bring-text"),
    path("curate/<name:slug>/clauses/<slug:kind>/", read, name="read"),
    path("curate/<name:slug>/clauses/<slug:kind>/revert/", revert, name="revert"),
    path("curate/<name:slug>/clauses/<slug:kind>/history/", curate_history, name="curate-history"),
]
