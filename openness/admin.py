"""Django's admin is for the plumbing: who is here, what broke. Roles are given under People, on record."""

# mypy: disable-error-code="type-arg"
# ModelAdmin takes no type arguments at run time.

from typing import Any

from axes.models import AccessAttempt
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django_otp.plugins.otp_static.admin import StaticDevice
from django_otp.plugins.otp_totp.admin import TOTPDevice

from licenses.admin import ReadOnly
from openness.accounts.people import role_of, state_of

admin.site.unregister([User, Group, TOTPDevice, StaticDevice])


def may_touch(request: HttpRequest, user: User | None) -> bool:
    """A superuser's account is a superuser's business."""
    return user is None or not user.is_superuser or bool(getattr(request.user, "is_superuser", False))


@admin.register(User)
class PeopleAdmin(UserAdmin):
    """Who is here. Who should log in is invited; whoever leaves is deactivated, and stays on record. An address leads
    to a new password, so those of people with a password are a superuser's to change; names are their own."""

    list_display = ["username", "first_name", "last_name", "email", "role", "state", "last_login"]
    list_filter = ["groups", "is_active", "is_superuser"]
    fieldsets = [
        (None, {"fields": ["username", "first_name", "last_name", "email"]}),
        ("Set on the page of people", {"fields": ["role", "state"]}),
        ("Dates", {"fields": ["last_login", "date_joined"]}),
    ]
    readonly_fields = ["username", "first_name", "last_name", "role", "state", "last_login", "date_joined"]
    filter_horizontal = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        is_open = getattr(request.user, "is_superuser", False) or (obj and not obj.has_usable_password())
        return [*super().get_readonly_fields(request, obj), *(() if is_open else ("email",))]

    @admin.display(description="role")
    def role(self, user: User) -> str:
        return role_of(user)

    @admin.display(description="state")
    def state(self, user: User) -> str:
        return state_of(user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[Any]:
        """Without the page that sets another's password: who sets it could read as them."""
        return [each for each in super().get_urls() if each.name != "auth_user_password_change"]


@admin.register(Group)
class RolesAdmin(ReadOnly, GroupAdmin):
    """Declared in licenses/roles.py and written at every migration."""

    fields = ["name", "may"]
    readonly_fields = ["name", "may"]

    @admin.display(description="may")
    def may(self, group: Group) -> str:
        return ", ".join(group.permissions.order_by("codename").values_list("codename", flat=True))


@admin.register(TOTPDevice)
class SecondFactorAdmin(ReadOnly):
    """Deleted for somebody who lost app and recovery codes. The secret is not shown."""

    list_display = ["user", "confirmed", "created_at", "last_used_at"]
    list_select_related = ["user"]
    search_fields = ["user__username", "user__email"]
    ordering = ["user__username", "pk"]
    fields = ["user", "confirmed", "created_at", "last_used_at"]

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        permitted = admin.ModelAdmin.has_delete_permission(self, request, obj)
        return bool(permitted and may_touch(request, obj.user if isinstance(obj, TOTPDevice) else None))


@admin.register(AccessAttempt)
class AttemptAdmin(ReadOnly):
    """Wrong passwords and codes of late."""

    list_display = ["attempt_time", "username", "ip_address", "path_info", "failures_since_start"]
    fields = ["attempt_time", "username", "ip_address", "path_info", "failures_since_start"]
    search_fields = ["username", "ip_address"]
    ordering = ["-attempt_time", "-pk"]
