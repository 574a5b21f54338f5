"""What can go wrong on the way, on demand."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum

from tests.hub.answers import Answer, Request, as_json
from tests.hub.listing import cursor_behind, link, read_cursor


class Fault(Enum):
    SLOW = "the right answer, `hub.slow_seconds` late"
    NO_ANSWER = "nothing at all, until the client gives up"
    HANG_UP = "the connection closed without a byte"
    CUT = "the connection closed in the middle of the body"
    HTML = "a web page with status 200"
    TRUNCATED = "half of the JSON, as if that were all"
    RELATIVE_LINK = "a page whose Link is relative"
    EXPIRED_CURSOR = "400 to a request with a cursor"
    SAME_PAGE = "a page whose Link leads to itself"
    EMPTY_PAGE_WITH_LINK = "an empty page; its Link leads to the page that was asked for"


NEEDS_A_PAGE = {Fault.RELATIVE_LINK, Fault.SAME_PAGE, Fault.EMPTY_PAGE_WITH_LINK}


@dataclass(frozen=True, eq=False)
class Failure:
    """An error answer with headers and body of one's own."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b'{"error":"Failure on demand."}'

    def answer(self) -> Answer:
        return Answer(self.status, self.body, {"Content-Type": "application/json; charset=utf-8"} | self.headers)


Trouble = int | Failure | Fault


@dataclass
class Plan:
    """Troubles for the next requests whose address contains `where`, one each; `forever` repeats the last."""

    troubles: deque[Trouble]
    where: str = ""
    forever: bool = False

    def next_for(self, request: Request) -> Trouble | None:
        if not self.troubles or self.where not in request.target or not fits(self.troubles[0], request):
            return None
        if self.forever and len(self.troubles) == 1:
            return self.troubles[0]
        return self.troubles.popleft()


def fits(trouble: Trouble, request: Request) -> bool:
    """A fault of paging waits for a page, an expired cursor for a cursor."""
    is_page = request.path == "/api/models"
    if trouble is Fault.EXPIRED_CURSOR:
        return is_page and bool(request.value("cursor"))
    return is_page or trouble not in NEEDS_A_PAGE


class Plans:
    def __init__(self) -> None:
        self.plans: list[Plan] = []

    def add(self, troubles: Iterable[Trouble], *, where: str, forever: bool) -> None:
        self.plans.append(Plan(deque(troubles), where, forever))

    def clear(self) -> None:
        self.plans.clear()

    def next_for(self, request: Request) -> Trouble | None:
        # The client asks for this on its own, at most once a day: it must not use up a fault.
        if request.path == "/api/agent-harnesses":
            return None
        found = (plan.next_for(request) for plan in self.plans)
        return next((trouble for trouble in found if trouble is not None), None)


def spoiled(answer: Answer, fault: Fault, request: Request, endpoint: str) -> Answer:
    """The right answer made wrong in the way the fault says, as far as its content goes."""
    if fault is Fault.HTML:
        return Answer(
            200,
            b"<!DOCTYPE html><html><body><h1>Hugging Face</h1></body></html>",
            {"Content-Type": "text/html; charset=utf-8"},
        )
    if fault is Fault.TRUNCATED:
        return Answer(answer.status, answer.body[: len(answer.body) // 2], answer.headers)
    if fault is Fault.EXPIRED_CURSOR:
        return as_json({"error": "Invalid cursor"}, 400)
    if fault is Fault.RELATIVE_LINK:
        told = answer.headers.get("Link", "").replace(endpoint, "")
        return Answer(answer.status, answer.body, answer.headers | {"Link": told})
    if fault is Fault.SAME_PAGE:
        back = f'<{endpoint}{request.target}>; rel="next"'
        return Answer(answer.status, answer.body, answer.headers | {"Link": back})
    if fault is Fault.EMPTY_PAGE_WITH_LINK:
        here = cursor_behind(read_cursor(request.value("cursor")), turn=1)
        return as_json([], Link=link(request, endpoint, here))
    return answer
