"""A list as people write it: names one a line or several, a requirements file, addresses, package URLs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from licenses.wording import visible

from .listing import Entry, Gathered, Unreadable
from .naming import named

LONGEST_LINE = 2_000
MOST_LINES = 100_000
#: These stand in lines of single spaces.
BULLET = re.compile(r"^(?:(?:-e|--editable) |[-*•+·]+ ?|\d{1,5}[.)] )")
COMMENT = re.compile(r"(?:^| )#.*")
HASH = re.compile(r"(?:^| )--hash[= ]\S*")
OTHER_FILE = re.compile(r"(?:-[rc] |--(?:requirement|constraint)[= ])\S+$")
#: Those of pip that name no package. Another word behind two dashes may have a model behind it.
OPTION = re.compile(
    r"(?:-[fi]|--(?:index-url|extra-index-url|find-links|trusted-host|no-index|no-binary|only-binary|prefer-binary"
    r"|pre|require-hashes|use-feature))(?:[= ].*)?$"
)
SPACED = re.compile(r" ?(?:(===?|[~!<>]=|@) ?(?=\w)|([<>]) ?(?=\d[\w.*+!-]*(?:[ ,;]|$)))")
#: What makes a file one of requirements: a version behind a bare name, a hash, another file, or a condition.
REQUIRES = re.compile(
    r"^\w[\w.-]*(?:\[[\w,. -]*\])? ?(?:===?|[~!]=|[<>]=?) ?v?\d"
    r"|(?:^| )--hash[= ]|^(?:-[rc] |--(?:requirement|constraint)[= ])"
)
EXTRAS = re.compile(r"(?<=\w)\[[\w,. -]*\]")
#: The second of a range, as in `torch>=2.4,<3`.
AND_VERSION = re.compile(r", ?(?:===?|[~!]=|[<>]=?) ?v?\d[\w.*+!-]*(?=[ ,;]|$)")
ABOUT = r"(?:python(?:_full)?_version|os_name|sys_platform|platform_\w+|implementation_(?:name|version)|extra)"
SAID = r"(?:\"[^\"]*\"|'[^']*')"
IS = r" ?(?:===?|[~!]=|[<>]=?|in|not in) ?"
TEST = rf"[( ]*(?:{ABOUT}{IS}{SAID}|{SAID}{IS}{ABOUT})[) ]*"
CONDITION = re.compile(rf";{TEST}(?:(?:and|or){TEST})*")
#: A name as people say it, such as Llama 4.
WORDS = re.compile(r"\w[\w.+-]*(?: \(?\w[\w.+-]*\)?)+")
SLUG = re.compile(r"(?=.*[a-z])[a-z0-9]+(?:[-._][a-z0-9]+)+", re.IGNORECASE)
BETWEEN = re.compile(r"[ ,;|]+")
SPDX_TEXT = re.compile(r"^(?:spdxversion|bomformat)[ \t]*:", re.IGNORECASE | re.MULTILINE)
XML = re.compile(r"<(?:\?xml|!|[a-z]+(?::[a-z]+)?[\s/>])", re.IGNORECASE)


def read_lines(text: str) -> Gathered:
    refuse_other_forms(text)
    gathered = Gathered()
    requires = [read_line(line, place, gathered) for place, line in lines_of(text)]
    if any(requires):
        gathered.entries = list(map(of_requirements, gathered.entries))
    if not gathered.entries:
        raise Unreadable("this names nothing: paste one name a line, such as owner/name.")
    return gathered


def lines_of(text: str) -> Iterator[tuple[str, str]]:
    """Those with something on them, each with its place."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.count("\n") > MOST_LINES:
        raise Unreadable(f"more than {MOST_LINES:,} lines: take out empty ones, or split the list.")
    for number, line in enumerate(text.split("\n"), start=1):
        if line and not line.isspace():
            if len(line) > LONGEST_LINE:
                raise Unreadable(f"longer than {LONGEST_LINE:,} characters: write one name a line.", f"line {number}")
            yield f"line {number}", line


def of_requirements(entry: Entry) -> Entry:
    return replace(entry, is_package=True) if entry.handle and "/" not in entry.handle else entry


def refuse_other_forms(text: str) -> None:
    if XML.match(text.lstrip()):
        raise Unreadable("this is XML: export the bill of materials as JSON.", "line 1")
    if found := SPDX_TEXT.search(text):
        place = f"line {text.count(chr(10), 0, found.start()) + 1}"
        raise Unreadable("this is a bill of materials, but not in JSON: export it as JSON.", place)


def read_line(line: str, place: str, gathered: Gathered) -> bool:
    """Adds what it names, and says whether only a requirements file has such a line."""
    line = " ".join(visible(line).split())
    line = COMMENT.sub("", line).removesuffix("\\").strip()
    bare = CONDITION.sub(" ", line).strip()
    requires = bare != line or REQUIRES.search(line) is not None
    line = HASH.sub("", bare).strip()
    if OTHER_FILE.match(line):
        gathered.add(Entry("", place, line, why="another file, which is not read from here"))
    elif not OPTION.match(line):
        for word in words(BULLET.sub("", line)):
            handle, why = named(word)
            gathered.add(Entry(handle, place, word, why=why))
    return requires


def words(line: str) -> list[str]:
    """What may be names. One of several words is no name that we can look up, and its words are none either."""
    if WORDS.fullmatch(line) and not all(map(SLUG.fullmatch, line.split())):
        return [line]
    line = SPACED.sub(r"\1\2", AND_VERSION.sub("", EXTRAS.sub("", line)))
    return [word for word in BETWEEN.split(line) if any(map(str.isalnum, word))]
