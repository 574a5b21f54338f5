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

from licenses.bringing import Refused
from licenses.catalogue.schema import LABELS
from licenses.establishing import KINDS, OF_DOCUMENT, OF_LICENSE, Words, establish
from licenses.likeness import is_title
from licenses.models import Document, License, LicenseKind, OpenModel, Publisher
from licenses.roles import CURATE
from licenses.spelling import normal

from .faults import worded
from .guard import allowed, whoever


@allowed(CURATE)
@require_http_methods(["GET", "HEAD", "POST"])
def new_license(request: HttpRequest) -> HttpResponse:
    """With `model` its license file's words are taken; with `signal` and `value` the spelling can be bound next."""
    files = own_files((request.POST if request.method == "POST" else request.GET).get("model", ""))
    if request.method != "POST":
        return page(request, request.GET.dict() | suggested(request.GET, files), files, {})
    fields = {name: request.POST.get(name, "").replace("\0", "") for name in (*OF_LICENSE, *OF_DOCUMENT, *OTHERS)}
    words = Words(with_words(files, fields["file"]), fields["words"], fields["source"])
    try:
        chosen = fields | {"label": "" if fields["label"] == NONE else fields["label"]}
        license = establish(chosen, words, reason=fields["reason"], by=whoever(request), now=timezone.now())
    except Refused as error:
        return page(request, fields, files, error.faults)
    messages.success(request, f"{license.name} is entered. Nobody has read it yet.")
    return HttpResponseRedirect(next_step(license, fields))


OTHERS = ("reason", "words", "source", "model", "file", "signal", "value", "new_publisher")
#: As the page names its fields.
NAMED = {
    "name": "Name", "short_name": "Short name", "slug": "Slug", "identifier": "Identifier", "kind": "Kind",
    "label": "Label", "modifies": "Modifies", "steward": "Publisher", "licensor": "Licensor", "family": "Family",
    "version": "Version", "supersedes": "Follows", "released": "Released on", "title": "Title of the text",
    "repo": "Repository", "path": "Path in it", "url": "Address", "file": "The file", "words": "Pasted words",
    "source": "Where the pasted words are from", "reason": "Why",
}  # fmt: skip
#: The option of the label that says that there is none, so that nobody forgets to choose.
NONE = "none"
SHORTEST_NAME, OPENING_LINES, OPENING = 40, 30, 2_000


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


def with_words(files: list[Document], key: str) -> Document | None:
    """One of them, with its newest wording."""
    chosen = [file.pk for file in files if file.key == key]
    return Document.objects.select_related("head").filter(pk__in=chosen).first() if chosen else None


def suggested(query: QueryDict, files: list[Document]) -> dict[str, str]:
    """What the model and the spelling tell of the license, where the address does not say otherwise."""
    agreement = next((file for file in files if file.role == Document.Role.AGREEMENT), None)
    agreement = next((file for file in files if file.key == query.get("file")), agreement)
    value = query.get("value", "") if query.get("signal") == "name" else ""
    name = (headed(with_words(files, agreement.key)) if agreement else "") or value
    found = {"kind": str(LicenseKind.CUSTOM)}
    found |= {"name": name, "slug": slugify(normal("name", value or name))[:80]} if name else {}
    found |= {"short_name": name} if 0 < len(name) <= SHORTEST_NAME else {}
    if agreement:
        found |= {"file": agreement.key, "title": agreement.title, "repo": agreement.repo, "path": agreement.path}
    return {name: said for name, said in found.items() if name not in query}


def headed(file: Document | None) -> str:
    """The first line of its text that looks like a title."""
    lines = (line.strip(" #*=_-") for line in file.head.text[:OPENING].split("\n")) if file and file.head else ()
    return next((line for line in lines if is_title(line) and any(map(str.isalpha, line))), "")[:160]


def opening(file: Document | None) -> dict[str, str] | None:
    if file is None or file.head is None:
        return None
    return {"title": file.title, "words": "\n".join(file.head.text[:OPENING].split("\n")[:OPENING_LINES])}


def page(
    request: HttpRequest, typed: dict[str, str], files: list[Document], faults: dict[str, list[str]]
) -> HttpResponse:
    context = {
        "typed": typed,
        "faults": faults,
        "said": worded(faults, NAMED),
        "opening": opening(with_words(files, typed.get("file", ""))),
        "files": files,
        "kinds": KINDS,
        "labels": LABELS,
        "licenses": License.objects.by_name().values_list("slug", "short_name"),
        "publishers": Publisher.objects.order_by("name").values_list("slug", "name"),
    }
    return render(request, "curation/new_license.html", context, status=400 if faults else 200)
