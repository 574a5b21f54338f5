"""Raw questions to a hub, through the client's own session."""

from huggingface_hub.utils import build_hf_headers, get_session, hf_raise_for_status


def shelve(hub, count, **fields):
    return [hub.publishes(f"acme/m{number}", downloads=number, **fields)["id"] for number in range(count)]


def ask(hub, path="/api/models", *, timeout=5, **params):
    return get_session().get(
        f"{hub.endpoint}{path}", params=params or None, timeout=timeout, headers=build_hf_headers(token=False)
    )


def names(answer):
    return [row["id"] for row in answer.json()]


def crawl(hub, limit=2, **params):
    """Raw paging, as one must do it to keep a cursor."""
    url, params, rows, seen = f"{hub.endpoint}/api/models", {"limit": limit, **params}, [], set()
    while url and url not in seen:
        seen.add(url)
        answer = get_session().get(url, params=params, headers=build_hf_headers(token=False), timeout=5)
        hf_raise_for_status(answer)
        rows += answer.json()
        url, params = answer.links.get("next", {}).get("url"), None
    return rows
