"""How one model looks on the wire: a record in the Hub's own field names, with tags that fit its card."""

import hashlib
from datetime import UTC, datetime
from typing import Any

Record = dict[str, Any]

RELATIONS = ("adapter", "finetune", "merge", "quantized")
CARD_KEYS = {
    "license",
    "license_name",
    "license_link",
    "license_details",
    "base_model",
    "base_model_relation",
    "language",
    "datasets",
    "new_version",
    "extra_gated_prompt",
    "extra_gated_heading",
}
IN_PYTHON_SPELLING = {
    "created_at": "createdAt",
    "last_modified": "lastModified",
    "trending_score": "trendingScore",
    "card_data": "cardData",
    "downloads_all_time": "downloadsAllTime",
    "model_index": "model-index",
    "library": "library_name",
}


def as_text(moment: Any) -> Any:
    """A moment as the Hub writes it; anything else as it is."""
    if not isinstance(moment, datetime):
        return moment
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def hexadecimal(text: str, length: int) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:length]


def made_id(name: str, created: datetime) -> str:
    """A database id, stable for the name, that begins with its creation time as the Hub's do."""
    return f"{int(created.timestamp()):08x}" + hexadecimal(name, 16)


def fresh(name: str, created: datetime) -> Record:
    return {
        "_id": made_id(name, created),
        "id": name,
        "modelId": name,
        "author": name.partition("/")[0],
        "sha": hexadecimal(f"{name}@{as_text(created)}", 40),
        "createdAt": as_text(created),
        "lastModified": as_text(created),
        "private": False,
        "disabled": False,
        "gated": False,
        "downloads": 0,
        "downloadsAllTime": 0,
        "likes": 0,
        "trendingScore": 0,
        "tags": [],
    }


def write(record: Record, fields: dict[str, Any]) -> None:
    """Set fields as a test names them: card keys go to the card (None takes one out), the rest to the record.

    Tags follow the card. `tags` replaces the whole list, which stays as given, save that what is missing is added.
    """
    for name, value in fields.items():
        name = IN_PYTHON_SPELLING.get(name, name)
        if name in CARD_KEYS:
            write_card(record, name, value)
        elif name == "parameters":
            write_sizes(record, value)
        elif name == "tags":
            record["tags"] = list(value)
        else:
            record[name] = as_text(value)
    if "tags" not in fields:
        agree_on_license(record)
        if fields.keys() & {"base_model", "base_model_relation", "cardData", "card_data"}:
            agree_on_parents(record)
    add_missing_tags(record)


def write_card(record: Record, name: str, value: Any) -> None:
    if value is not None:
        record["cardData"] = card(record) | {name: value}
    elif name in card(record):
        record["cardData"] = {key: kept for key, kept in card(record).items() if key != name}
    if not card(record):
        record.pop("cardData", None)


def write_sizes(record: Record, parameters: int) -> None:
    record["safetensors"] = {"parameters": {"BF16": parameters}, "total": parameters}


def card(record: Record) -> dict[str, Any]:
    found = record.get("cardData")
    return found if isinstance(found, dict) else {}


def listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]


def agree_on_license(record: Record) -> None:
    """Make the `license:` tags say what the card says: the Hub derives them from there and nowhere else."""
    replace_tags(record, "license:", license_tags(record))


def agree_on_parents(record: Record) -> None:
    replace_tags(record, "base_model:", parent_tags(record))


def license_tags(record: Record) -> list[str]:
    return [f"license:{value}" for value in listed(card(record).get("license")) if isinstance(value, str)]


def parent_tags(record: Record) -> list[str]:
    """A tag for each parent, and a second one with the relation when the card tells it."""
    relation, tags = card(record).get("base_model_relation"), []
    for parent in listed(card(record).get("base_model")):
        tags.append(f"base_model:{parent}")
        if relation in RELATIONS:
            tags.append(f"base_model:{relation}:{parent}")
    return tags


def add_missing_tags(record: Record) -> None:
    wanted = [record.get("library_name"), record.get("pipeline_tag"), *listed(card(record).get("language"))]
    wanted += [f"dataset:{name}" for name in listed(card(record).get("datasets"))]
    wanted += license_tags(record) + parent_tags(record)
    tags = record["tags"]
    tags += [tag for tag in dict.fromkeys(filter(is_text, wanted)) if tag not in tags]
    if not any(is_text(tag) and tag.startswith("region:") for tag in tags):
        tags.append("region:us")


def is_text(value: Any) -> bool:
    return isinstance(value, str)


def replace_tags(record: Record, beginning: str, wanted: list[str]) -> None:
    """Swap the tags that begin so for the wanted ones, at the place where the first of them stood."""
    tags = list(record.get("tags") or [])
    mine = [is_text(tag) and tag.startswith(beginning) for tag in tags]
    place = mine.index(True) if True in mine else len(tags)
    kept = [tag for tag, is_mine in zip(tags, mine, strict=True) if not is_mine]
    record["tags"] = kept[:place] + wanted + kept[place:]
