"""The project: settings, addresses, timetable, processes. Wiring only."""

from openness.celery import app as celery_app

__all__ = ["celery_app"]
