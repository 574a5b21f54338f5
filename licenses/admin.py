"""Lists for those who look after the directory: all read-only, as what is append-only stays as it was written."""

# mypy: disable-error-code="type-arg"
# ModelAdmin takes no type arguments at run time.

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from .models import AuditEntry, Change, Clause, Conclusion, Proposal, Quote, Revision, Rule


class Bounded(Paginator):
    """Pages through the first ten thousand rows: nobody turns that many pages, and no page counts millions."""

    MOST = 10_000

    @cached_property
    def count(self) -> int:
        rows: QuerySet[Any] = self.object_list  # type: ignore[assignment]
        return rows.order_by()[: self.MOST].count()


class ReadOnly(admin.ModelAdmin):
    paginator = Bounded
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class FromAFile(admin.SimpleListFilter):
    title = "origin"
    parameter_name = "origin"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("files", "the catalogue's files"), ("curators", "curators"), ("retired", "retired")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Rule]) -> QuerySet[Rule]:
        chosen = {
            "files": {"added_at__isnull": True},
            "curators": {"added_at__isnull": False, "retired_at__isnull": True},
            "retired": {"retired_at__isnull": False},
        }
        return queryset.filter(**chosen.get(str(self.value()), {}))


@admin.register(Rule)
class RuleAdmin(ReadOnly):
    list_display = ["signal", "value", "author", "license", "added_by", "added_at", "retired_at"]
    list_filter = ["signal", FromAFile]
    list_select_related = ["license", "added_by"]
    search_fields = ["value", "author", "license__slug", "license__short_name"]
    ordering = ["signal", "value", "author", "pk"]


@admin.register(Clause)
class ClauseAdmin(ReadOnly):
    list_display = ["license", "kind", "answer", "read_by", "read_on", "confirmed_by", "recorded_at", "superseded_at"]
    list_filter = ["answer"]
    list_select_related = ["license"]
    search_fields = ["license__slug", "kind", "read_by", "note"]
    ordering = ["-recorded_at", "-pk"]


@admin.register(Quote)
class QuoteAdmin(ReadOnly):
    list_display = ["exact", "clause", "document", "section", "state", "missing_since"]
    list_filter = ["state"]
    list_select_related = ["clause__license", "document__license", "document__model"]
    search_fields = ["exact", "clause__kind", "document__license__slug"]
    ordering = ["-pk"]


@admin.register(Change)
class ChangeAdmin(ReadOnly):
    """Millions of rows tell of models: of one, by its whole name."""

    list_display = ["happened_on", "event", "cause", "weight", "license", "model", "before", "after", "seen_at"]
    list_filter = ["event", "cause", "weight"]
    list_select_related = ["license", "model"]
    search_fields = ["key__exact", "license__slug__exact", "model__repo_id__exact"]
    ordering = ["-pk"]
    raw_id_fields = ["lead"]


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnly):
    list_display = ["at", "by_name", "deed", "license", "kind", "model", "before", "after", "reason"]
    list_filter = ["deed"]
    list_select_related = ["license", "model"]
    search_fields = ["by_name", "license__slug", "kind", "model__repo_id", "reason"]
    ordering = ["-at", "-pk"]


@admin.register(Proposal)
class ProposalAdmin(ReadOnly):
    list_display = ["license", "kind", "origin", "made_by_name", "made_at", "outcome", "decided_by", "decided_at"]
    list_filter = ["outcome", "origin"]
    list_select_related = ["license", "decided_by"]
    search_fields = ["key", "license__slug", "kind", "made_by_name", "text"]
    ordering = ["-made_at", "-pk"]
    exclude = ["email"]


@admin.register(Conclusion)
class ConclusionAdmin(ReadOnly):
    list_display = ["model", "license", "reason", "made_by_name", "made_at", "superseded_at"]
    list_select_related = ["model", "license"]
    search_fields = ["model__repo_id", "license__slug", "reason", "made_by_name"]
    ordering = ["-made_at", "-pk"]


@admin.register(Revision)
class RevisionAdmin(ReadOnly):
    """Without the text, which has a page of its own."""

    list_display = ["document", "effective_on", "first_seen_at", "source", "raw_sha256"]
    list_select_related = ["document__license", "document__model"]
    search_fields = ["raw_sha256__startswith", "document__license__slug", "document__model__repo_id", "source"]
    ordering = ["-pk"]
    exclude = ["text"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("text")
