"""What a test of the watch asks for, and what it looks at."""

from datetime import timedelta

from ingest.models import Watch, WatchedFile
from licenses.models import Document, Revision

HOURS = timedelta(hours=6)


def place(license, *, repo="acme/tiny", path="LICENSE", key="agreement", **fields) -> Document:
    """Where a document of the catalogue lies."""
    fields = {"role": "agreement", "title": path} | fields | {"repo": repo, "path": path}
    return Document.objects.update_or_create(license=license, key=key, defaults=fields)[0]


def downloads(hub) -> list[str]:
    return [request.path for request in hub.requests if "/resolve/" in request.path]


def listings(hub) -> list[str]:
    return [request.path for request in hub.requests if request.path.startswith("/api/models/")]


def files(repo_id="acme/tiny") -> dict[str, str]:
    return dict(WatchedFile.objects.filter(watch__repo_id=repo_id).values_list("path", "state"))


def state(repo_id="acme/tiny") -> str:
    return Watch.objects.get(repo_id=repo_id).state


def texts() -> list[str]:
    return list(Revision.objects.order_by("pk").values_list("text", flat=True))


def terms(first: str) -> str:
    """Words enough to be terms, told apart by their beginning."""
    return (
        f"{first} Whoever holds these files may use, change and pass them on, and keeps this notice in every copy made."
    )
