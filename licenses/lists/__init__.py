"""What a pasted list names: models of the Hub, and things of ours. Pure; nothing is looked up and nothing fetched.

`read` takes lines of names, addresses and package URLs, JSON lists, and bills of materials in CycloneDX or SPDX JSON.
It gives a Listing or raises Unreadable, and nothing else, whatever the bytes.
"""

from .listing import Entry, Form, Listing, Unreadable
from .reading import LARGEST, read

__all__ = ["LARGEST", "Entry", "Form", "Listing", "Unreadable", "read"]
