"""The documents of a model itself: license files that belong to no license of the catalogue."""

from __future__ import annotations

import hashlib

from django.utils.text import slugify

from licenses.models import Document, OpenModel

from .files import CARD

Role = Document.Role


def own_document(model: OpenModel, path: str, repo: str) -> Document:
    known = Document.objects.filter(model=model, path=path).first()
    return known or Document.objects.create(
        model=model, key=key_of(model, path), role=role_of(path), title=path[:160], repo=repo, path=path
    )


def key_of(model: OpenModel, path: str) -> str:
    """Its name; of names that are alike the later ones carry a digest, the last so long that nobody finds its twin."""
    word = slugify(path.replace(".", "-").replace("/", "-").replace("_", "-"))[:26].strip("-") or "file"
    mark = hashlib.sha256(path.encode()).hexdigest()
    taken = set(Document.objects.filter(model=model).values_list("key", flat=True))
    return next(key for key in (word, f"{word[:21].strip('-')}-{mark[:8]}", mark[:30]) if key not in taken)


def role_of(path: str) -> str:
    name = path.rpartition("/")[2].lower().replace("-", "_")
    if path == CARD:
        return Role.MODEL_CARD
    if "use_policy" in name or "acceptable_use" in name:
        return Role.ACCEPTABLE_USE_POLICY
    return Role.NOTICE if name.startswith("notice") else Role.AGREEMENT


def move(hub_id: str, repo: str) -> None:
    """They lie where the model is now."""
    Document.objects.filter(model__hub_id=hub_id).exclude(repo=repo).update(repo=repo)
