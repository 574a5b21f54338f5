"""The words themselves: one wording with our quotes in it, and two of them compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from licenses import facets, layout
from licenses.models import Document, License, Revision
from licenses.models.license import DocumentQuerySet

from .answers import fresh_for_a_minute, refused, takes

VIEWS = ("side", "inline")


@require_safe
@fresh_for_a_minute
@takes("revision", "format")
def text(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    return text_page(request, Document.objects.filter(license__slug=slug), key)


@require_safe
@fresh_for_a_minute
@takes("from", "to", "with", "view")
def text_diff(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    return diff_page(request, Document.objects.filter(license__slug=slug), key)


def text_page(request: HttpRequest, documents: DocumentQuerySet, key: str) -> HttpResponse:
    """One wording, the newest unless another is named; as plain text for those who ask."""
    document = get_object_or_404(documents, key=key)
    Document.objects.load_texts([document])
    wording = named(document, request.GET.get("revision", "")) or newest(document)
    form = request.GET.get("format")
    if form not in (None, "txt"):
        return refused(request, {"format": [f"“{str(form)[:60]}” cannot be used with “format”. Use txt."]})
    words = texts_of([wording])[0]
    if form:
        return plain(document, wording, words)
    context = {
        "document": document,
        "license": document.license,
        "wording": wording,
        "wordings": neighbors(document.wordings),
        "is_newest": not wording or wording.pk == document.wordings[-1].pk,
        "page": layout.page(words, layout.quoted(document.license, wording)) if wording and words else None,
        "lost": layout.lost(document.license, document),
    }
    return render(request, "licenses/text.html", context)


def named(document: Document, name: str) -> Revision | None:
    """The wording that an address names; None when it names none."""
    found = next((wording for wording in document.wordings if wording.name == name), None)
    if name and found is None:
        raise Http404("No such wording of this text is known here.")
    return found


def newest(document: Document) -> Revision | None:
    return document.wordings[-1] if document.wordings else None


def texts_of(wordings: list[Revision | None]) -> list[str]:
    """The texts of some wordings, empty where there is none."""
    keys = [wording.pk if wording else None for wording in wordings]
    found = dict(Revision.objects.filter(pk__in=[key for key in keys if key]).values_list("pk", "text"))
    return [found.get(key, "") if key else "" for key in keys]


def neighbors(wordings: list[Revision]) -> list[tuple[Revision, Revision | None]]:
    """Each with the one before it, the newest first."""
    return list(zip(wordings, [None, *wordings], strict=False))[::-1]


def plain(document: Document, wording: Revision | None, words: str) -> HttpResponse:
    if not wording or not words:
        raise Http404("The text is not fetched yet.")
    response = HttpResponse(words, content_type="text/plain; charset=utf-8")
    name = f"{document.license.slug}-{document.key}-{wording.name}.txt"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two that are compared."""

    document: Document
    wording: Revision | None

    @property
    def license(self) -> License:
        return self.document.license

    @property
    def address(self) -> str:
        path = reverse("text", args=[self.license.slug, self.document.key])
        return f"{path}?revision={self.wording.name}" if self.wording else path

    @property
    def plain(self) -> str:
        return f"{self.address}&format=txt"


def diff_page(request: HttpRequest, documents: DocumentQuerySet, key: str) -> HttpResponse:
    """Two wordings of a document, or a document of another license and this one."""
    query = request.GET
    view = query.get("view", VIEWS[0])
    if view not in VIEWS:
        return refused(request, {"view": [f"“{view[:60]}” cannot be used with “view”. Use {' or '.join(VIEWS)}."]})
    document = get_object_or_404(documents, key=key)
    other = counterpart(document, query.get("with", ""))
    Document.objects.load_texts([document, other] if other else [document])
    before, after = pair(document, other, query)
    context = links(query, request.path, document, other, before, after) | {
        "document": document,
        "license": document.license,
        "other": other,
        "before": before,
        "after": after,
        "view": view,
        "siblings": siblings(document, other),
        **compared(before, after),
    }
    return render(request, "licenses/text_diff.html", context)


def counterpart(document: Document, said: str) -> Document | None:
    """The document of another license that is asked for: of the same role, and binding today."""
    if not said:
        return None
    slug, _, key = said.partition("/")
    found = Document.objects.current().filter(license__slug=slug, role=document.role, **({"key": key} if key else {}))
    other = found.order_by("pk").first() if said.isprintable() else None
    if other is None:
        raise Http404("This license has no such document.")
    return other


def pair(document: Document, other: Document | None, query: QueryDict) -> tuple[Side, Side]:
    """What is compared: as asked for, else the newest of both, else the last two."""
    after = named(document, query.get("to", "")) or newest(document)
    before = named(other or document, query.get("from", ""))
    if before is None and other:
        before = newest(other)
    elif before is None and after:
        before = dict(neighbors(document.wordings))[after]
    return Side(other or document, before), Side(document, after)


def compared(before: Side, after: Side) -> dict[str, Any]:
    """The clauses that moved, and the texts side by side where we have both."""
    if before.document.pk == after.document.pk and before.wording is None:
        return {"moves": [], "beside": None, "unfetched": []}
    sides = (before, after)
    texts = texts_of([side.wording for side in sides])
    unfetched = [side for side, words in zip(sides, texts, strict=True) if not words]
    quotes = [layout.quoted(side.license, side.wording) if side.wording else [] for side in sides]
    return {
        "moves": layout.moved((before.document, before.wording), (after.document, after.wording)),
        "beside": None if unfetched else layout.beside(texts[0], texts[1], *quotes),
        "unfetched": unfetched,
    }


def siblings(document: Document, other: Document | None) -> list[tuple[str, str]]:
    """Licenses worth a comparison: of the same family, what it modifies, what modifies it."""
    license = document.license
    near = Q(pk=license.modifies_id) | Q(modifies=license.pk)
    near |= Q(family=license.family) & ~Q(family="") | Q(pk=other.license_id if other else None)
    having = Document.objects.current().filter(role=document.role).values("license")
    found = License.objects.filter(near, pk__in=having).exclude(pk=license.pk).by_name()
    return list(found.values_list("slug", "short_name"))


def links(
    query: QueryDict, path: str, document: Document, other: Document | None, before: Side, after: Side
) -> dict[str, str]:
    """The same pair the other way round and drawn the other way; the pairs before and after it."""

    def to(path: str = path, /, **parameters: str | None) -> str:
        return facets.address(facets.changed(query, **parameters), path)

    names = [side.wording.name if side.wording else None for side in (before, after)]
    found = {"inline": to(view="inline"), "side": to(view=None)}
    if other:
        there = reverse("text-diff", args=[other.license.slug, other.key])
        back = f"{document.license.slug}/{document.key}"
        return found | {"swap": to(there, **{"with": back, "from": names[1], "to": names[0]})}
    wordings = document.wordings
    if before.wording is None or after.wording is None:
        return found
    found["swap"] = to(**{"from": names[1], "to": names[0]})
    i, j = wordings.index(before.wording), wordings.index(after.wording)
    if i > 0 and j == i + 1:
        found["previous"] = to(**{"from": wordings[i - 1].name, "to": wordings[i].name})
    if j == i + 1 < len(wordings) - 1:
        found["next"] = to(**{"from": wordings[j].name, "to": wordings[j + 1].name})
    return found
