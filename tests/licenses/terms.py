"""License-like texts in our own words, for tests that need real prose: long enough to be terms, easy to vary."""

TERMS = """\
Acme Model License

Copyright (c) 2024 Acme Research

1. Grant. Acme lets you run, study, change and pass on the weights, on your own machines or on those of others.
You may do so for any purpose that these terms do not rule out.

2. Size. A product with more than 100 million monthly users needs a separate license from Acme before launch.

3. Notice. Every copy that you pass on carries this text and the notice file that came with the weights.
Changed files say that they were changed, by whom and when.

4. Outputs. Acme claims nothing in what the weights produce. You answer for what you make with them.

5. End. Your rights end when you break these terms and do not mend it within thirty days.
"""

PERMISSIVE = """\
Plain License

Copyright (c) 2020 The Plain Authors

Anyone who holds a copy of these files may use them, change them, merge them with others and sell what comes of it.
The only duty is to keep this notice in every copy.

The files come as they are. Nobody promises that they work, and nobody pays when they do not.
"""

DISPLAY = "A product with more than 100 million monthly users must show the words Plain Model on its first screen."


def without(text: str, start: str) -> str:
    """The text less the paragraph that starts so."""
    paragraphs = text.split("\n\n")
    kept = [one for one in paragraphs if not one.startswith(start)]
    assert len(kept) == len(paragraphs) - 1
    return "\n\n".join(kept)
