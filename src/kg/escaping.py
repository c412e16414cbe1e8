"""Text that strangers wrote, made fit to be shown: an endpoint's message, a value in a table."""

from __future__ import annotations

import re
from typing import Final

_OBEYED: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def escaped(text: str, keep: str = "") -> str:
    """Give *text* with what a terminal would obey as escapes, but for the characters in *keep*.

    That is control characters, the marks that turn the direction of the words around them, and what is no character at all:
    everything that XML 1.0 has not is among them.
    """
    return _OBEYED.sub(
        lambda found: found[0] if found[0] in keep else found[0].encode("unicode_escape").decode(), text
    )


def shortened(text: str, length: int = 300) -> str:
    """Give *text* as one line of at most *length* characters, escaped."""
    line = " ".join(text.split())
    return escaped(line if len(line) <= length else line[: length - 1] + "…")
