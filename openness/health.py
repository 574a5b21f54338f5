"""Is the process alive, and can it do its work?"""

from collections.abc import Callable

import redis
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from licenses.models import License


def visitor_address(request: HttpRequest) -> str:
    """Whose password attempts are counted: behind the proxy that ends TLS, the address it saw last."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.HTTPS else ""
    return forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Each check and how it went; a reason names the fault, never an address or a password."""
    checks = {name: outcome(check) for name, check in CHECKS.items()}
    ready = all(result == "ok" for result in checks.values())
    return JsonResponse({"ready": ready, "checks": checks}, status=200 if ready else 503)


def outcome(check: Callable[[], bool]) -> str:
    try:
        return "ok" if check() else "empty"
    except (DatabaseError, redis.RedisError) as error:
        return type(error).__name__


def database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return True


def broker() -> bool:
    with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2) as client:
        return bool(client.ping())


def catalogue() -> bool:
    return License.objects.exists()


CHECKS = {"database": database, "broker": broker, "catalogue": catalogue}
