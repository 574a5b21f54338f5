"""Read-only lists for those who look after the plumbing."""

# mypy: disable-error-code="type-arg"
# ModelAdmin takes no type arguments at run time.

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from .models import Quarantine, Sweep, Watch, WatchedFile


class ReadOnly(admin.ModelAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


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
