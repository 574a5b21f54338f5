"""The workbench's page that brings the words of a license where no place has shown them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from licenses.bringing import NEW, Brought, Refused, bring, may_be_first, wanting
from licenses.models import Document, License
from licenses.roles import CURATE
from licenses.wording import LARGEST

from .faults import worded
from .guard import allowed, whoever

#: As the page names its fields.
LABELS = {
    "document": "Document", "title": "Title of the text", "role": "Role", "repo": "Repository", "path": "Path in it",
    "url": "Its address", "words": "Pasted words", "file": "The file", "source": "Where they are from",
}  # fmt: skip
FIELDS = ("document", "words", "source", *NEW)


@allowed(CURATE)
@require_http_methods(["GET", "HEAD", "POST"])
def bring_text(request: HttpRequest, slug: str) -> HttpResponse:
    license = get_object_or_404(License, slug=slug)
    if request.method != "POST":
        return page(request, license, request.GET.dict(), {})
    fields = {name: request.POST.get(name, "").replace("\0", "") for name in FIELDS}
    brought = Brought(fields["words"], uploaded(request), fields["source"])
    try:
        document = bring(license, fields["document"], fields, brought, by=whoever(request), now=timezone.now())
    except Refused as error:
        return page(request, license, fields, error.faults)
    messages.success(request, f"The words of “{document.title}” are here.")
    return HttpResponseRedirect(f"{reverse('reader', args=[slug])}?{urlencode({'document': document.key})}")


def uploaded(request: HttpRequest) -> bytes | None:
    """One byte more than a text may have, so that one too large is told."""
    file = request.FILES.get("file")
    return file.read(LARGEST + 1) if file else None


def page(request: HttpRequest, license: License, typed: dict[str, str], faults: dict[str, list[str]]) -> HttpResponse:
    context = {
        "license": license,
        "typed": typed,
        "faults": faults,
        "said": worded(faults, LABELS),
        "documents": wanting(license),
        "is_first": may_be_first(license),
        "roles": Document.Role,
    }
    return render(request, "curation/bring_text.html", context, status=400 if faults else 200)
