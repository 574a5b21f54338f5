"""Settings: the only file that reads the environment. docs/running.md lists every variable."""

import os
import sys
import warnings
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.deprecation import RemovedInDjango60Warning

from openness import embedded


def text(name: str, default: str | None = None, *, cure: str = "see docs/running.md") -> str:
    """A variable's value; one set to nothing counts as not set."""
    value = os.environ.get(name, "").strip() or default
    if value is None:
        raise ImproperlyConfigured(f"{name} is not set: {cure}")
    return value


def flag(name: str, *, default: bool) -> bool:
    value = text(name, "yes" if default else "no").lower()
    if value not in {"1", "true", "yes", "on", "0", "false", "no", "off"}:
        raise ImproperlyConfigured(f"{name} is {value!r}: set it to yes or no")
    return value in {"1", "true", "yes", "on"}


def number(name: str, *, default: int) -> int:
    value = text(name, str(default))
    if not value.isdecimal():
        raise ImproperlyConfigured(f"{name} is {value!r}: set it to a whole number")
    return int(value)


def choice(name: str, *options: str) -> str:
    """One of the options; the first is the default."""
    value = text(name, options[0])
    if value not in options:
        raise ImproperlyConfigured(f"{name} is {value!r}: set it to {' or '.join(options)}")
    return value


def words(name: str, *, default: list[str]) -> list[str]:
    return text(name, ",".join(default)).replace(",", " ").split()


def database(url: str) -> dict[str, Any]:
    """Django's form of a PostgreSQL address; a socket folder may be given as ?host=/folder."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise ImproperlyConfigured("DATABASE_URL must look like postgresql://user:password@host:5432/name")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": options.pop("user", unquote(parts.username or "")),
        "PASSWORD": options.pop("password", unquote(parts.password or "")),
        "HOST": options.pop("host", unquote(parts.hostname or "")),
        "PORT": options.pop("port", str(parts.port or "")),
        "OPTIONS": options,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def mail_server(url: str) -> dict[str, Any]:
    """Django's names for the parts of an address like smtp://user:password@host:587/?tls=yes."""
    parts = urlsplit(url)
    host, _, port = parts.netloc.rpartition("@")[2].partition(":")
    secured, starttls = parts.scheme == "smtps", dict(parse_qsl(parts.query)).get("tls", "no")
    usual = "465" if secured else "587" if starttls == "yes" else "25"
    if parts.scheme not in {"smtp", "smtps"} or not host or starttls not in {"yes", "no"} or not f"{port}0".isdecimal():
        raise ImproperlyConfigured("EMAIL_URL must look like smtp://user:password@host:587/?tls=yes, or smtps://…")
    return {
        "EMAIL_HOST": host,
        "EMAIL_PORT": int(port or usual),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": starttls == "yes",
        "EMAIL_USE_SSL": secured,
    }


BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(text("DATA_DIR", str(BASE_DIR / "var"))).absolute()
PORT = number("PORT", default=8000)

# Given no servers, `manage.py up` starts its own, and every other command finds them while they run.
EMBEDDED = not os.environ.get("DATABASE_URL") and not os.environ.get("REDIS_URL")
if EMBEDDED:
    starting = sys.argv[1:2] == ["up"]
    os.environ.update(embedded.environment(DATA_DIR, starting=starting, given=os.environ))

START = "or start `make run` first"
DEBUG = flag("DEBUG", default=False)
DATABASE_URL = text("DATABASE_URL", cure=f"set DATABASE_URL to a PostgreSQL address, {START}")
REDIS_URL = text("REDIS_URL", cure=f"set REDIS_URL to a Redis or Valkey address, {START}")
SECRET_KEY = text("SECRET_KEY", cure=f"set SECRET_KEY to a long random text, {START}")

SITE_URL = text("SITE_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
SITE = urlsplit(SITE_URL)
if SITE.scheme not in {"http", "https"} or not SITE.hostname:
    raise ImproperlyConfigured(f"SITE_URL is {SITE_URL!r}: set it to the address people use, https://… included")
HTTPS = SITE.scheme == "https"
# Health checks come from the machine itself.
ALLOWED_HOSTS = [*words("ALLOWED_HOSTS", default=[SITE.hostname]), "127.0.0.1", "localhost"]

# The Hub's client reads these once, at its first import.
HF_ENDPOINT = text("HF_ENDPOINT", "https://huggingface.co").rstrip("/")
HF_TOKEN = text("HF_TOKEN", "")
SWEEP = choice("SWEEP", "polite", "full")
os.environ.update(
    HF_ENDPOINT=HF_ENDPOINT,
    HF_HOME=str(DATA_DIR / "hf"),
    HF_HUB_DISABLE_TELEMETRY="1",
    HF_HUB_DISABLE_IMPLICIT_TOKEN="1",  # noqa: S106 - no password
    HF_HUB_DISABLE_PROGRESS_BARS="1",
)

INSTALLED_APPS = [
    "openness",
    "ingest",
    "licenses",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django_filters",
    "django_htmx",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "openness.urls"
WSGI_APPLICATION = "openness.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": database(DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False
# Django 6.0 takes a web address typed without a scheme for https; so do we, already. Django 5.2 warns about
# forms that do not say, and about the setting that says it for all of them.
warnings.filterwarnings("ignore", "The FORMS_URLFIELD_ASSUME_HTTPS", RemovedInDjango60Warning)
FORMS_URLFIELD_ASSUME_HTTPS = True

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Hashed names need `collectstatic`, which `up` and the migrate container run; DEBUG goes without.
PLAIN_STATIC = "django.contrib.staticfiles.storage.StaticFilesStorage"
HASHED_STATIC = "whitenoise.storage.CompressedManifestStaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": PLAIN_STATIC if DEBUG else HASHED_STATIC},
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "openness.accounts.second_factor.CodeBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "queue"
LOGOUT_REDIRECT_URL = "/"
# Five wrong passwords or codes close the door to that name from that address for a quarter of an hour.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "openness.health.visitor_address"
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
AXES_SENSITIVE_PARAMETERS = ["passed", "code", "proof"]
AXES_ENABLE_ADMIN = False  # openness/admin.py shows less of it.
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
OTP_TOTP_ISSUER = "Openness"

# Without a mail server mails are files, for whoever runs the site to hand on.
EMAIL_URL = text("EMAIL_URL", "")
DEFAULT_FROM_EMAIL = text("EMAIL_FROM", f"Openness <noreply@{SITE.hostname}>")
EMAIL_FILE_PATH = DATA_DIR / "mail"
EMAIL_TIMEOUT = 10
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_URL else 'filebased'}.EmailBackend"
if EMAIL_URL:
    globals().update(mail_server(EMAIL_URL))

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    },
}
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = False
# The web process speaks plain HTTP, so a proxy ends TLS and must set (or strip) this header.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# A pasted bill of materials may have 5 MiB, and its form a little more.
DATA_UPLOAD_MAX_MEMORY_SIZE = FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20 + 2**16

# The client libraries disagree on how a socket is written.
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A task is a page long: one that nobody finished in an hour was lost with its worker.
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 500_000
# Asked to stop (SIGQUIT), a worker ends what it is at or puts it back in the queue.
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 8
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    # Django's own handlers mail the admins and write twice; ours is the only one.
    "loggers": {"django": {"handlers": [], "level": "INFO"}, "axes": {"level": "WARNING"}},
}
