"""Read-only lists for those who look after the plumbing."""

# mypy: disable-error-code="type-arg"
# ModelAdmin takes no type arguments at run time.

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from licenses.admin import ReadOnly

from .models import Quarantine, Sweep, Watch, WatchedFile
from .rereading import read_again
from .tasks import ask_again


@admin.register(Sweep)
class SweepAdmin(ReadOnly):
    list_display = ["kind", "started_at", "finished_at", "pages", "seen", "created", "updated", "gone", "error"]
    list_filter = ["kind"]
    ordering = ["-started_at", "-pk"]


@admin.register(Quarantine)
class QuarantineAdmin(ReadOnly):
    list_display = ["repo_id", "reason", "seen_at"]
    search_fields = ["repo_id", "reason"]
    ordering = ["-seen_at", "-pk"]
    actions = ["read_again"]

    @admin.action(description="Read again", permissions=["read_again"])
    def read_again(self, request: HttpRequest, queryset: QuerySet[Quarantine]) -> None:
        """What was kept whole, at once; of the rest the Hub is asked by a worker."""
        for kept in queryset.order_by("pk"):
            found = read_again(kept, now=timezone.now())
            if found.must_ask:
                ask_again.delay(pk=kept.pk)
                messages.info(request, f"{kept.repo_id}: {found.why}. A worker asks the Hub for all of it.")
            elif found.is_taken:
                messages.success(request, f"{kept.repo_id or 'The record'} was read and is no longer here.")
            else:
                messages.warning(request, f"{kept.repo_id or 'The record'} stays here: {found.why}.")

    def has_read_again_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)


class WatchedFileInline(admin.TabularInline):
    model = WatchedFile
    fields = ["path", "document", "state", "note", "seen_at"]
    extra = 0
    ordering = ["path", "pk"]

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Watch)
class WatchAdmin(ReadOnly):
    """A deleted watch begins anew: so a curator accepts another repository under a name."""

    list_display = ["repo_id", "state", "moved_to", "note", "checked_at"]
    list_filter = ["state", "files__state"]
    search_fields = ["repo_id"]
    ordering = ["-checked_at", "pk"]
    inlines = [WatchedFileInline]

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(admin.ModelAdmin.has_delete_permission(self, request, obj))
