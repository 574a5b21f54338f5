"""The entry point of the web server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openness.settings")
# No page may hold the database for long, whatever is asked of it; workers and commands may.
os.environ.setdefault("PGOPTIONS", "-c statement_timeout=10000")

application = get_wsgi_application()
