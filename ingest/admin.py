"""Read-only lists for those who look after the plumbing."""

# mypy: disable-error-code="type-arg"
# ModelAdmin takes no type arguments at run time.

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from .models import Quarantine, Sweep


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
