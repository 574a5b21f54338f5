"""The words themselves: one wording with our quotes in it, and two of them compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from licenses import facets, kinship, layout
from licenses.models import Clause, Document, License, OpenModel, Revision
from licenses.models.document import DocumentQuerySet
from licenses.news import nearest

from .answers import asked_every_time, refused, takes

VIEWS = ("side", "inline")


@require_safe
@asked_every_time
@takes("revision", "format")
def text(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    return text_page(request, Document.objects.filter(license__slug=slug), key)


@require_safe
@asked_every_time
@takes("from", "to", "with", "view")
def text_diff(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    return diff_page(request, Document.objects.filter(license__slug=slug), key)


@require_safe
@asked_every_time
@takes("revision", "format")
def model_text(request: HttpRequest, org: str, name: str, key: str) -> HttpResponse:
    return text_page(request, documents_of(f"{org}/{name}"), key)


@require_safe
@asked_every_time
@takes("from", "to", "with", "view")
def model_text_diff(request: HttpRequest, org: str, name: str, key: str) -> HttpResponse:
    return diff_page(request, documents_of(f"{org}/{name}"), key)


def documents_of(repo_id: str) -> DocumentQuerySet:
    """Those of the repository whose page bears the name."""
    return Document.objects.filter(model=OpenModel.objects.named(repo_id).values("pk")[:1])


def text_page(request: HttpRequest, documents: DocumentQuerySet, key: str) -> HttpResponse:
    """One wording, the newest unless another is named; as plain text for those who ask."""
    document = get_object_or_404(documents.owned(), key=key)
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
        "is_newest": wording == newest(document),
        "page": layout.page(words, layout.quoted(document.license, wording)) if wording and words else None,
        "lost": layout.lost(document),
        "kin": kinship.kin(document, words) if words else None,
    }
    return render(request, "licenses/text.html", context)


def named(document: Document, name: str) -> Revision | None:
    """The wording that an address names; None when it names none."""
    found = next((wording for wording in document.wordings if wording.name == name), None)
    if name and found is None:
        raise Http404("No such wording of this text is known here.")
    return found


def newest(document: Document) -> Revision | None:
    """What its place says now, which may be an earlier wording; the last one where nobody looked."""
    last = document.wordings[-1] if document.wordings else None
    return next((wording for wording in document.wordings if wording.pk == document.head_id), last)


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
    name = f"{document.handle.replace('/', '-')}-{wording.name}.txt"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two that are compared."""

    document: Document
    wording: Revision | None

    @property
    def history(self) -> list[Clause]:
        """What was ever read of its license; of a model's own file nothing is."""
        return self.document.license.history if self.document.license else []

    @property
    def address(self) -> str:
        path = self.document.get_absolute_url()
        return f"{path}?revision={self.wording.name}" if self.wording else path

    @property
    def plain(self) -> str:
        return f"{self.address}&format=txt"


def diff_page(request: HttpRequest, documents: DocumentQuerySet, key: str) -> HttpResponse:
    """Two wordings of a document, or a document of another license or model and this one."""
    query = request.GET
    view = query.get("view", VIEWS[0])
    if view not in VIEWS:
        return refused(request, {"view": [f"“{view[:60]}” cannot be used with “view”. Use {' or '.join(VIEWS)}."]})
    document = get_object_or_404(documents.owned(), key=key)
    other = counterpart(document, query.get("with", ""))
    Document.objects.load_texts([document, other] if other else [document])
    before, after = pair(document, other, query)
    texts = texts_of([before.wording, after.wording])
    context = links(query, request.path, document, other, before, after) | {
        "document": document,
        "license": document.license,
        "other": other,
        "before": before,
        "after": after,
        "view": view,
        "siblings": siblings(document, other, texts[1]),
        **compared(before, after, texts),
    }
    return render(request, "licenses/text_diff.html", context)


def counterpart(document: Document, said: str) -> Document | None:
    """What is asked for, of what binds today: a license, `license/document` or `org/model/document`."""
    if not said:
        return None
    others = fitting(document).filter(named_so(said)) if said.isprintable() else Document.objects.none()
    other = min(others.owned(), key=lambda one: (one.role != document.role, one.pk), default=None)
    if other is None:
        raise Http404("There is no such document to compare with.")
    return other


def named_so(said: str) -> Q:
    owner, _, key = said.rpartition("/")
    if "/" in owner:
        return Q(model=OpenModel.objects.named(owner).values("pk")[:1], key=key)
    return Q(license__slug=owner, key=key) if owner else Q(license__slug=key)


def fitting(document: Document) -> DocumentQuerySet:
    """Of the same role; and what a model's files are we know by their names only, so each of them fits an agreement."""
    agreement = Document.Role.AGREEMENT
    fits = Q(role=document.role)
    if document.license is None:
        fits |= Q(role=agreement)
    elif document.role == agreement:
        fits |= Q(model__isnull=False)
    return Document.objects.current().filter(fits)


def pair(document: Document, other: Document | None, query: QueryDict) -> tuple[Side, Side]:
    """What is compared: as asked for, else the newest of both, else the last two."""
    after = named(document, query.get("to", "")) or newest(document)
    before = named(other or document, query.get("from", ""))
    if before is None and other:
        before = newest(other)
    elif before is None and after:
        before = dict(neighbors(document.wordings))[after]
    return Side(other or document, before), Side(document, after)


def compared(before: Side, after: Side, texts: list[str]) -> dict[str, Any]:
    """The clauses that moved, and the texts side by side where we have both."""
    if before.document.pk == after.document.pk and before.wording is None:
        return {"moves": [], "beside": None, "unfetched": []}
    sides = (before, after)
    unfetched = [side for side, words in zip(sides, texts, strict=True) if not words]
    quotes = [layout.quoted(side.document.license, side.wording) if side.wording else [] for side in sides]
    unread = is_unread(before) or is_unread(after)
    return {
        "moves": [] if unread else layout.moved((before.document, before.wording), (after.document, after.wording)),
        "beside": None if unfetched else layout.beside(texts[0], texts[1], *quotes),
        "unfetched": unfetched,
        "unread": unread,
    }


def is_unread(side: Side) -> bool:
    """It came to its place after another one, and nobody has said since when it holds, which a reader would."""
    wording = side.wording
    if wording is None or wording.effective_on or not wording.first_seen_at:
        return False
    return wording != side.document.wordings[0]


def siblings(document: Document, other: Document | None, text: str) -> list[tuple[str, str]]:
    """What is worth a comparison, and what it is compared with now: its name in an address, and in few words."""
    found = License.objects.filter(relatives(document, text), pk__in=fitting(document).values("license"))
    if document.license:
        found = found.exclude(pk=document.license.pk)
    offered = list(found.by_name().values_list("slug", "short_name"))
    if other and other.license and (other.license.slug, other.whose) not in offered:
        offered.append((other.license.slug, other.whose))
    return [*offered, (other.handle, other.whose)] if other and other.model else offered


def relatives(document: Document, text: str) -> Q:
    """Of the same family, what it modifies, what modifies it; of a model's file its license and the nearest text."""
    license, model = document.license, document.model
    if license:
        near = Q(pk=license.modifies_id) | Q(modifies=license.pk)
        return near | Q(family=license.family) & ~Q(family="")
    like = nearest(document, text) if text else None
    return Q(pk__in=[pk for pk in (model and model.license_id, like and like.known.key) if pk])


def links(
    query: QueryDict, path: str, document: Document, other: Document | None, before: Side, after: Side
) -> dict[str, str]:
    """The same pair the other way round and drawn the other way; the pairs before and after it."""

    def to(path: str = path, /, **parameters: str | None) -> str:
        return facets.address(facets.changed(query, **parameters), path)

    names = [side.wording.name if side.wording else None for side in (before, after)]
    found = {"inline": to(view="inline"), "side": to(view=None)}
    if other:
        return found | {"swap": to(other.diff_address, **{"with": document.handle, "from": names[1], "to": names[0]})}
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
