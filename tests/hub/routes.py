"""Which address is answered by what. Every route runs under the hub's lock."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from tests.hub import listing, repos
from tests.hub.answers import Answer, Request, as_json, refusal
from tests.hub.identifiers import LICENSES
from tests.hub.records import hexadecimal
from tests.hub.shelf import Entry

if TYPE_CHECKING:
    from tests.hub.server import StandInHub

ABOUT_A_REPO = {"revision", "tree", "paths-info", "commits", "refs", "auth-check"}


def answer(hub: StandInHub, request: Request) -> Answer:
    if request.token and request.token not in hub.users:
        raise refusal(401, "Invalid credentials in Authorization header")
    match request.parts:
        case ["api", "models"]:
            return listing.list_models(hub.shelf, request, endpoint=hub.endpoint, largest_page=hub.page_size_cap)
        case ["api", "models", *rest]:
            return about_repo(hub, request, rest)
        case ["api", "whoami-v2"]:
            return whoami(hub, request)
        case ["api", "models-tags-by-type"]:
            return tags_by_type(hub)
        case ["api", "resolve-cache", "models", owner, name, commit, *path] if path:
            return with_repo(hub, request, f"{owner}/{name}", ["resolve", commit, *path])
        case ["api", *_]:
            raise refusal(404, "Sorry, we can't find the page you are looking for.")
        case [owner, name, "resolve" | "raw", revision, *path] if path:
            return with_repo(hub, request, f"{owner}/{name}", ["resolve", revision, *path])
        case [name, "resolve" | "raw", revision, *path] if path:
            return with_repo(hub, request, name, ["resolve", revision, *path])
    raise refusal(404, "Sorry, we can't find the page you are looking for.")


def about_repo(hub: StandInHub, request: Request, parts: list[str]) -> Answer:
    """`owner/name/...`, or a short name of the early days, told apart by the word that follows."""
    has_owner = len(parts) > 1 and parts[1] not in ABOUT_A_REPO
    length = 2 if has_owner else 1
    return with_repo(hub, request, "/".join(parts[:length]), parts[length:])


def with_repo(hub: StandInHub, request: Request, name: str, rest: list[str]) -> Answer:
    entry = hub.shelf.by_name.get(name)
    if entry is None and name in hub.shelf.moved:
        return sent_on(hub, request, name, hub.shelf.moved[name])
    if entry is None or not may_know(hub, request, entry):
        raise unknown_repo(request)
    repos.check_open(entry)
    visit = repos.Visit(request, entry, hub.endpoint, is_member(hub, request, entry))
    match rest:
        case []:
            return repos.facts(visit)
        case ["revision", revision]:
            return repos.facts(visit, revision)
        case ["tree", revision, *folder]:
            return repos.tree(visit, revision, "/".join(folder))
        case ["paths-info", revision] if request.method == "POST":
            return repos.paths_info(visit, revision)
        case ["commits", revision]:
            return repos.commits(visit, revision)
        case ["refs"]:
            return repos.refs(visit)
        case ["auth-check"]:
            return repos.check_access(visit)
        case ["resolve", revision, *path]:
            from_cache = hub.keeps_a_cache and not request.path.startswith("/api/")
            return repos.resolve(visit, revision, "/".join(path), from_cache=from_cache)
    raise refusal(404, "Sorry, we can't find the page you are looking for.")


def sent_on(hub: StandInHub, request: Request, old: str, new: str) -> Answer:
    path = request.path.replace(f"/{quote(old)}", f"/{quote(new)}", 1)
    query = urlsplit(request.target).query
    location = f"{path}?{query}" if query and hub.renames_keep_query else path
    return Answer(307, b"", {"Location": location})


def unknown_repo(request: Request) -> Exception:
    """Deleted, private and never existed look the same.

    The real Hub gives the anonymous no code with its 401; the client knows a bare 401 only over https.
    """
    if request.token:
        return refusal(404, "Repository not found", "RepoNotFound")
    return refusal(401, "Invalid username or password.", "RepoNotFound")


def is_member(hub: StandInHub, request: Request, entry: Entry) -> bool:
    user = hub.users.get(request.token or "")
    return user is not None and entry.name in user.may_read


def may_know(hub: StandInHub, request: Request, entry: Entry) -> bool:
    return entry.record.get("private") is not True or is_member(hub, request, entry)


def whoami(hub: StandInHub, request: Request) -> Answer:
    if not request.token:
        raise refusal(401, "Invalid username or password.")
    name = hub.users[request.token].name
    return as_json(
        {
            "type": "user",
            "id": hexadecimal(name, 24),
            "name": name,
            "fullname": name,
            "orgs": [],
            "isPro": False,
            "auth": {"type": "access_token", "accessToken": {"role": "read"}},
        }
    )


def tags_by_type(hub: StandInHub) -> Answer:
    found: dict[str, dict[str, str]] = {kind: {} for kind in ("pipeline_tag", "library", "dataset", "region")}
    found["license"] = {f"license:{name}": name for name in LICENSES}
    for entry in hub.shelf:
        record = entry.record if isinstance(entry.record, dict) else {}
        for kind, name in (("pipeline_tag", "pipeline_tag"), ("library", "library_name")):
            if isinstance(record.get(name), str):
                found[kind][record[name]] = record[name]
        for tag in record.get("tags") or []:
            kind, _, label = str(tag).partition(":")
            if label and kind in ("dataset", "region"):
                found[kind][tag] = label
    return as_json(
        {
            kind: [{"id": tag, "label": label, "type": kind} for tag, label in tags.items()]
            for kind, tags in found.items()
        }
    )
