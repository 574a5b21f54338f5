"""A form of a page as a browser without script would send it."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.test import Client

Sent = dict[str, list[str]]


class Controls(HTMLParser):
    """The successful controls of the form with an id."""

    def __init__(self, form: str) -> None:
        super().__init__()
        self.form, self.inside, self.found = form, False, Sent()
        self.select, self.options, self.area = "", list[tuple[str, bool]](), ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = said.get("id") == self.form
        if not self.inside:
            return
        name, is_box = said.get("name", ""), said.get("type") in ("radio", "checkbox")
        if tag == "input" and name and ("checked" in said or not is_box):
            self.found.setdefault(name, []).append(said.get("value", "on" if is_box else ""))
        elif tag == "select":
            self.select, self.options = name, []
        elif tag == "option" and self.select:
            self.options.append((said.get("value", ""), "selected" in said))
        elif tag == "textarea":
            self.area = name
            self.found[name] = [""]

    def handle_data(self, data: str) -> None:
        if self.inside and self.area:
            # A browser drops the line break that a text area begins with.
            self.found[self.area][0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.area:
            self.found[self.area][0] = self.found[self.area][0].removeprefix("\n").replace("\n", "\r\n")
            self.area = ""
        elif tag == "select" and self.select:
            chosen = [value for value, selected in self.options if selected] or [self.options[0][0]]
            self.found[self.select], self.select = chosen[-1:], ""
        elif tag == "form":
            self.inside = False


def controls(page: Any, form: str = "sheet") -> Sent:
    parser = Controls(form)
    parser.feed(page.content.decode())
    return parser.found


def submit(client: Client, path: str, do: str, *, follow: bool = True, **changes: str | list[str]) -> Any:
    """Open the form, change some fields (`__` stands for a dot), press a button."""
    fields: dict[str, Any] = dict(controls(client.get(path)))
    fields |= {name.replace("__", "."): value for name, value in changes.items()}
    return client.post(path, fields | {"do": do}, follow=follow)
