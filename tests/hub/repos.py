"""Everything the Hub answers about one model: its facts, its files, its history, and who may see them."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, parse_qsl, quote, urlencode, urlsplit

from tests.hub.answers import Answer, Request, as_json, refusal
from tests.hub.listing import EXPANDABLE, FOR_ONE_MODEL, KNOWN, check_expand, whole
from tests.hub.shelf import Commit, Entry

KEPT_AS_LFS = (".safetensors", ".gguf", ".bin", ".pt", ".onnx", ".pkl")
DISABLED = "Access to this resource is disabled."
NOT_WITHOUT_ASKING = FOR_ONE_MODEL - {"usedStorage"}
LARGEST_TREE_PAGE = 1000
LARGEST_EXPANDED_PAGE = 50
MOST_PATHS = 2000


@dataclass
class Visit:
    """One request to one repo, after it was found and the visitor let in."""

    request: Request
    entry: Entry
    endpoint: str
    is_member: bool


def facts(visit: Visit, revision: str = "main") -> Answer:
    commit, request = commit_of(visit, revision), visit.request
    asked = check_expand(request, EXPANDABLE | FOR_ONE_MODEL)
    record = dict(visit.entry.record)
    record.setdefault(
        "siblings",
        [sibling(path, content, blobs=request.says("blobs")) for path, content in sorted(commit.files.items())],
    )
    record["sha"] = commit.sha
    record.setdefault("usedStorage", sum(map(len, commit.files.values())))
    if request.says("securityStatus"):
        record["securityRepoStatus"] = {"scansDone": True, "filesWithIssues": []}
    hidden = KNOWN - {"_id", "id", *asked} if asked else NOT_WITHOUT_ASKING
    return as_json({name: value for name, value in record.items() if name not in hidden})


def sibling(path: str, content: bytes, *, blobs: bool) -> dict[str, Any]:
    if not blobs:
        return {"rfilename": path}
    found = {"rfilename": path, "blobId": oid(content), "size": len(content)}
    if path.endswith(KEPT_AS_LFS):
        found["lfs"] = {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content), "pointerSize": 127}
    return found


def oid(content: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


def commit_of(visit: Visit, revision: str) -> Commit:
    commit = visit.entry.commit_at(revision)
    if commit is None:
        raise refusal(404, f"Invalid rev id: {revision}", "RevisionNotFound")
    return commit


def tree(visit: Visit, revision: str, folder: str = "") -> Answer:
    commit, request = commit_of(visit, revision), visit.request
    expand = request.says("expand")
    entries = [
        node(commit, path, expand=expand) for path in paths_in(commit, folder, recursive=request.says("recursive"))
    ]
    if folder and not entries:
        raise refusal(404, f"{folder} does not exist on {revision}", "EntryNotFound")
    return paged(visit, entries, LARGEST_EXPANDED_PAGE if expand else LARGEST_TREE_PAGE)


def paths_in(commit: Commit, folder: str, *, recursive: bool) -> list[str]:
    """Files and folders below a folder, folders ending in a slash."""
    start, found = f"{folder}/" if folder else "", set()
    for path in commit.files:
        if not path.startswith(start):
            continue
        *folders, name = path.removeprefix(start).split("/")
        parents = [f"{start}{'/'.join(folders[:depth])}/" for depth in range(1, len(folders) + 1)]
        found.update(parents if recursive else parents[:1])
        if recursive or not folders:
            found.add(f"{start}{'/'.join([*folders, name])}")
    return sorted(found)


def node(commit: Commit, path: str, *, expand: bool) -> dict[str, Any]:
    if path.endswith("/"):
        found = {"type": "directory", "oid": oid(path.encode()), "size": 0, "path": path.rstrip("/")}
    else:
        content = commit.files[path]
        found = {"type": "file", "oid": oid(content), "size": len(content), "path": path}
        if path.endswith(KEPT_AS_LFS):
            found["lfs"] = {"oid": hashlib.sha256(content).hexdigest(), "size": len(content), "pointerSize": 127}
    if expand:
        found["lastCommit"] = {"id": commit.sha, "title": commit.title, "date": commit.date}
        found["securityFileStatus"] = {"status": "safe", "avScan": None, "pickleImportScan": None}
    return found


def paged(visit: Visit, items: list[Any], largest: int) -> Answer:
    """A page of a list that is whole in memory; the cursor is a plain offset."""
    request = visit.request
    limit = min(whole(request, "limit", largest), largest)
    start = whole(request, "cursor", 0)
    answer = as_json(items[start : start + limit])
    if start + limit < len(items):
        params = [pair for pair in parse_qsl(urlsplit(request.target).query) if pair[0] != "cursor"]
        params.append(("cursor", str(start + limit)))
        answer.headers["Link"] = f'<{visit.endpoint}{request.path}?{urlencode(params)}>; rel="next"'
    return answer


def paths_info(visit: Visit, revision: str) -> Answer:
    """Accepts the form the client posts, and JSON; says nothing of paths that do not exist."""
    commit, request = commit_of(visit, revision), visit.request
    if request.headers.get("content-type", "").startswith("application/json"):
        asked = json.loads(request.body or b"{}")
        paths, expand = asked.get("paths", []), bool(asked.get("expand"))
    else:
        form = parse_qs(request.body.decode())
        paths, expand = form.get("paths", []), form.get("expand") in (["true"], ["True"])
    if len(paths) > MOST_PATHS:
        raise refusal(400, f'"paths" must hold at most {MOST_PATHS} items')
    known = {path.rstrip("/"): path for path in paths_in(commit, "", recursive=True)}
    return as_json([node(commit, known[path], expand=expand) for path in paths if path in known])


def commits(visit: Visit, revision: str) -> Answer:
    first = commit_of(visit, revision).sha
    history = visit.entry.commits
    start = next(place for place, commit in enumerate(history) if commit.sha == first)
    formatted = "formatted" in visit.request.values("expand")
    return paged(visit, [told(commit, visit.entry, formatted=formatted) for commit in history[start:]], 50)


def told(commit: Commit, entry: Entry, *, formatted: bool) -> dict[str, Any]:
    found = {
        "id": commit.sha,
        "title": commit.title,
        "message": "",
        "date": commit.date,
        "authors": [{"user": entry.name.partition("/")[0]}],
    }
    if formatted:
        found["formatted"] = {"title": f"<p>{commit.title}</p>", "message": ""}
    return found


def refs(visit: Visit) -> Answer:
    head = {"name": "main", "ref": "refs/heads/main", "targetCommit": visit.entry.commits[0].sha}
    found: dict[str, Any] = {"branches": [head], "converts": [], "tags": []}
    if visit.request.says("include_prs"):
        found["pullRequests"] = []
    return as_json(found)


def check_access(visit: Visit) -> Answer:
    check_gate(visit)
    return as_json({})


def check_gate(visit: Visit) -> None:
    """Behind a gate the facts are open and the files are not, to those without access."""
    if not visit.entry.record.get("gated") or visit.is_member:
        return
    name = visit.entry.name
    if visit.request.token:
        raise refusal(403, f"Access to model {name} is restricted and you are not in the authorized list.", "GatedRepo")
    raise refusal(
        401,
        f"Access to model {name} is restricted. You must have access to it and be "
        "authenticated to access it. Please log in.",
        "GatedRepo",
    )


def check_open(entry: Entry) -> None:
    if entry.record.get("disabled") is True:
        raise refusal(403, DISABLED)


def resolve(visit: Visit, revision: str, path: str, *, from_cache: bool = False) -> Answer:
    """A file as it is, or for a small one the address of the Hub's cache, as the real Hub does."""
    check_gate(visit)
    commit = commit_of(visit, revision)
    if path not in commit.files:
        raise refusal(404, "Entry not found", "EntryNotFound")
    if from_cache:
        return Answer(307, b"", {"Location": cached(visit, commit, path), "X-Repo-Commit": commit.sha})
    content = commit.files[path]
    tag = hashlib.sha256(content).hexdigest() if path.endswith(KEPT_AS_LFS) else oid(content)
    headers = {
        "ETag": f'"{tag}"',
        "X-Repo-Commit": commit.sha,
        "Accept-Ranges": "bytes",
        "Content-Type": "text/plain; charset=utf-8",
    }
    wanted = visit.request.headers.get("range", "")
    if wanted.startswith("bytes=") and visit.request.method == "GET":
        return part_of(content, wanted, headers)
    return Answer(200, content, headers)


def cached(visit: Visit, commit: Commit, path: str) -> str:
    asked = quote(urlsplit(visit.request.target).path, safe="")
    tag = quote(f'"{oid(commit.files[path])}"', safe="")
    return f"/api/resolve-cache/models/{visit.entry.name}/{commit.sha}/{quote(path)}?{asked}=&etag={tag}"


def part_of(content: bytes, wanted: str, headers: dict[str, str]) -> Answer:
    first, _, last = wanted.removeprefix("bytes=").partition("-")
    start = int(first or 0)
    end = min(int(last), len(content) - 1) if last else len(content) - 1
    if start > end:
        return Answer(416, b"", headers | {"Content-Range": f"bytes */{len(content)}"})
    headers = headers | {"Content-Range": f"bytes {start}-{end}/{len(content)}"}
    return Answer(206, content[start : end + 1], headers)
