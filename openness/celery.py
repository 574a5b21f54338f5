"""The Celery app and the timetable."""

import os
from typing import Any

from celery import Celery
from celery.schedules import crontab
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openness.settings")

app = Celery("openness")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

MINUTE, HOUR = 60, 3600


def timetable(sweep: str) -> dict[str, Any]:
    """Which task runs when (UTC). A message nobody took before the next one is due is worth nothing."""
    full = sweep == "full"
    daily = {
        "task": "ingest.sweep",
        "schedule": crontab(hour="3", minute="17"),
        "kwargs": {"kind": "full" if full else "top"},
    }
    minutely = {"task": "ingest.continue", "schedule": MINUTE, "options": {"expires": MINUTE}}
    counts = {"task": "ingest.count", "schedule": crontab(minute="43"), "options": {"expires": HOUR}}
    recent = {"task": "ingest.recent", "schedule": crontab(minute="7"), "options": {"expires": HOUR}}
    texts = {"task": "ingest.watch", "schedule": crontab(minute="29", hour="*/6"), "options": {"expires": 6 * HOUR}}
    every = {"sweep": daily, "continue": minutely, "count": counts, "texts": texts}
    return every | {"recent": recent} if full else every


@app.on_after_configure.connect  # type: ignore[untyped-decorator]
def set_timetable(sender: Celery, **_: Any) -> None:
    """Not at import: the settings live in the package that imports us."""
    sender.conf.beat_schedule = timetable(settings.SWEEP)
