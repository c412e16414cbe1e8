"""Lettering: texts on a drawing, which cannot break lines by itself: how wide they are about, and how they are parted."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

_NARROW: Final = frozenset("ijlt.,:;!|'’()[]{}/\\ frI1·")
_WIDE: Final = frozenset("mwMW@%—→…ШЩЖЮФМшщжюфмՊԽխ")
_LONGEST: Final = 400
"""Signs of a line at most: those that are drawn above others have no width."""


def width(text: str, size: float) -> float:
    """Give about how wide *text* is at *size* in a common sans serif font, rather too wide than too narrow."""
    return size * sum(map(_em, text))


def _em(sign: str) -> float:
    if unicodedata.combining(sign) or unicodedata.category(sign) in ("Cf", "Mn", "Me"):
        return 0.0
    if sign in _NARROW:
        return 0.34
    if unicodedata.east_asian_width(sign) in "WF" or sign in _WIDE:
        return 0.98
    return 0.68 if sign.isupper() else 0.57


def fitted(text: str, size: float, space: float) -> str:
    """Give *text* where it fits into *space*, else its beginning and an ellipsis."""
    text = plain(text)
    if width(text, size) <= space and len(text) <= _LONGEST:
        return text
    left, kept = space - width("…", size), ""
    for sign in text:
        left -= size * _em(sign)
        if left < 0 or len(kept) == _LONGEST:
            break
        kept += sign
    return kept.rstrip() + "…"


def lines(text: str, size: float, space: float, most: int) -> tuple[str, ...]:
    """Give *text* in at most *most* lines that fit into *space*, parted at blanks; the last one ends with an ellipsis where more follows."""
    found: list[str] = []
    left = plain(text)
    while left and len(found) < most - 1 and width(left, size) > space:
        line = _head(left, size, space)
        found.append(fitted(line, size, space))
        left = left[len(line) :].lstrip()
    return (*found, fitted(left, size, space)) if left else tuple(found)


def flowed(parts: Iterable[str], size: float, space: float, between: str = " · ") -> tuple[str, ...]:
    """Give *parts* one after the other in lines that fit into *space*, none of them parted; one that is too long ends with an ellipsis."""
    found: list[str] = []
    for part in parts:
        longer = f"{found[-1]}{between}{part}" if found else part
        if found and width(plain(longer), size) <= space:
            found[-1] = plain(longer)
        else:
            found.append(fitted(part, size, space))
    return tuple(found)


def _head(text: str, size: float, space: float) -> str:
    """Give as many of the first words of *text* as fit into *space*, one at least."""
    head = ""
    for word in _words(text):
        if head and width(head + word.rstrip(), size) > space:
            break
        head += word
    return head


def _words(text: str) -> Iterator[str]:
    start = 0
    while start < len(text):
        end = text.find(" ", start) + 1 or len(text)
        yield text[start:end]
        start = end


def plain(text: str) -> str:
    """Give *text* as one line of signs that XML allows, without those that turn the direction of what follows."""
    kept = (
        sign if sign.isprintable() or unicodedata.category(sign) == "Zs" else " "
        for sign in text
        if unicodedata.category(sign) != "Cf"
    )
    return " ".join("".join(kept).split())
