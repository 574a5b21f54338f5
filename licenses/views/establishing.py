"""The workbench's page that enters a license which we lack."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods

from licenses.catalogue.schema import LABELS
from licenses.establishing import KINDS, OF_DOCUMENT, OF_LICENSE, Refused, Words, establish
from licenses.models import Document, License, LicenseKind, OpenModel, Publisher
from licenses.roles import CURATE
from licenses.spelling import normal

from .guard import allowed, whoever


@allowed(CURATE)
@require_http_methods(["GET", "HEAD", "POST"])
def new_license(request: HttpRequest) -> HttpResponse:
    """With `model` its license file's words are taken; with `signal` and `value` the spelling can be bound next."""
    if request.method != "POST":
        return page(request, request.GET.dict() | suggested(request.GET), {})
    fields = {name: request.POST.get(name, "").replace("\0", "") for name in (*OF_LICENSE, *OF_DOCUMENT, *OTHERS)}
    words = Words(own_file(fields["model"], fields["file"]), fields["words"], fields["source"])
    try:
        license = establish(fields, words, reason=fields["reason"], by=whoever(request), now=timezone.now())
    except Refused as error:
        return page(request, fields, error.faults)
    messages.success(request, f"{license.name} is entered. Nobody has read it yet.")
    return HttpResponseRedirect(next_step(license, fields))


OTHERS = ("reason", "words", "source", "model", "file", "signal", "value")


def next_step(license: License, fields: dict[str, str]) -> str:
    if fields["signal"] and fields["value"]:
        query = urlencode({"signal": fields["signal"], "value": fields["value"], "license": license.slug})
        return f"{reverse('bind')}?{query}#preview"
    return reverse("reader", args=[license.slug])


def own_files(repo_id: str) -> list[Document]:
    """The files of a model whose words are at hand."""
    model = OpenModel.objects.named(repo_id.replace("\0", "")).first() if repo_id else None
    files = Document.objects.current().filter(model=model, head__isnull=False).exclude(head__text="")
    return list(files.owned().select_related("head").defer("head__text").order_by("pk")) if model else []


def own_file(repo_id: str, key: str) -> Document | None:
    """With the words of its newest wording."""
    chosen = [file.pk for file in own_files(repo_id) if file.key == key]
    return Document.objects.select_related("head").filter(pk__in=chosen).first()


def suggested(query: QueryDict) -> dict[str, str]:
    """What the model and the spelling tell of the license, where the address does not say otherwise."""
    files = own_files(query.get("model", ""))
    agreement = next((file for file in files if file.role == Document.Role.AGREEMENT), None)
    value = query.get("value", "") if query.get("signal") == "name" else ""
    found = {"kind": str(LicenseKind.CUSTOM)}
    found |= {"name": value, "slug": slugify(normal("name", value))} if value else {}
    if agreement:
        found |= {"file": agreement.key, "title": agreement.title, "repo": agreement.repo, "path": agreement.path}
    return {name: said for name, said in found.items() if name not in query}


def page(request: HttpRequest, typed: dict[str, str], faults: dict[str, list[str]]) -> HttpResponse:
    context = {
        "typed": typed,
        "faults": faults,
        "files": own_files(typed.get("model", "")),
        "kinds": KINDS,
        "labels": LABELS,
        "licenses": License.objects.by_name().values_list("slug", "short_name"),
        "publishers": Publisher.objects.order_by("name").values_list("slug", "name"),
    }
    return render(request, "curation/new_license.html", context, status=400 if faults else 200)
