"""A list as people write it: names one a line or several, a requirements file, addresses, package URLs."""

from __future__ import annotations

import re

from licenses.wording import visible

from .listing import Entry, Gathered, Unreadable
from .naming import named

LONGEST_LINE = 2_000
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
SPACED = re.compile(r" ?(===?|[~!<>]=|@) ?(?=\w)")
BETWEEN = re.compile(r"[ ,;|]+")
SPDX_TEXT = re.compile(r"^(?:spdxversion|bomformat)[ \t]*:", re.IGNORECASE | re.MULTILINE)
XML = re.compile(r"<(?:\?xml|!|[a-z]+(?::[a-z]+)?[\s/>])", re.IGNORECASE)


def read_lines(text: str) -> Gathered:
    refuse_other_forms(text)
    gathered = Gathered()
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        place = f"line {number}"
        if len(line) > LONGEST_LINE:
            raise Unreadable(f"longer than {LONGEST_LINE:,} characters: write one name a line.", place)
        read_line(line, place, gathered)
    if not gathered.entries:
        raise Unreadable("this names nothing: paste one name a line, such as owner/name.")
    return gathered


def refuse_other_forms(text: str) -> None:
    if XML.match(text.lstrip()):
        raise Unreadable("this is XML: export the bill of materials as JSON.", "line 1")
    if found := SPDX_TEXT.search(text):
        place = f"line {text.count(chr(10), 0, found.start()) + 1}"
        raise Unreadable("this is a bill of materials, but not in JSON: export it as JSON.", place)


def read_line(line: str, place: str, gathered: Gathered) -> None:
    line = " ".join(visible(line).split())
    line = HASH.sub("", COMMENT.sub("", line)).removesuffix("\\").strip()
    if OTHER_FILE.match(line):
        gathered.add(Entry("", place, line, why="another file, which is not read from here"))
    elif not OPTION.match(line):
        for word in BETWEEN.split(SPACED.sub(r"\1", BULLET.sub("", line))):
            if any(map(str.isalnum, word)):
                handle, why = named(word)
                gathered.add(Entry(handle, place, word, why=why))
