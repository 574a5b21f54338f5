from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class LicensesConfig(AppConfig):
    name = "licenses"
    verbose_name = "Licenses"

    def ready(self) -> None:
        from . import checks  # noqa: F401  registers the system checks

        post_migrate.connect(write_groups, dispatch_uid="licenses.roles")


def write_groups(app_config: AppConfig, **kwargs: Any) -> None:
    """Django's groups as `roles` declares them, once every app has its permissions."""
    from .roles import write_groups

    last = [each for each in apps.get_app_configs() if each.models_module][-1]
    if app_config.label == last.label:
        write_groups()
