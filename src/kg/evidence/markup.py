"""The text of a saved HTML page, as a reader sees it."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Final

from kg.errors import EvidenceError

_PROLOGUE: Final = re.compile(r"\s*(?:<\?.*?\?>|<!--.*?-->)", re.DOTALL)
_PAGE: Final = re.compile(
    r"\s*<(?:!doctype\s+html|html|head|body|meta|title|main|article|section|header|nav|div|p|h[1-6]"
    r"|table|ul|ol|dl|pre|blockquote)(?=[\s>/])",
    re.IGNORECASE,
)
_UNSEEN: Final = frozenset({"script", "style", "title", "template", "noscript", "svg", "iframe"})
_INLINE: Final = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i",
    "ins", "kbd", "label", "mark", "nobr", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup",
    "time", "tt", "u", "var", "wbr",
})  # fmt: skip
_BLANKS: Final = re.compile(r"[ \t\n\f\r]+")


def is_page(text: str) -> bool:
    """Tell whether *text* is an HTML page or a piece of one, by how it begins."""
    place = 0
    while before := _PROLOGUE.match(text, place):
        place = before.end()
    return _PAGE.match(text, place) is not None


def page_text(page: str) -> str:
    """Give the text of an HTML page, one line a block element; entities decoded.

    Scripts, styles and the head (its only text is the title, scripts and styles) are left out. Raises
    EvidenceError for markup that cannot be read.
    """
    reader = _PageReader()
    try:
        reader.feed(page)
        reader.close()
    except AssertionError as error:  # how html.parser reports an unknown <![ … ]> section
        raise EvidenceError(
            "the page holds a marked section that is not HTML",
            remedy="save the page again from a browser, or save it as text",
        ) from error
    return "".join(reader.pieces)


class _PageReader(HTMLParser):
    """Gathers the seen text; block elements begin and end a line, inline ones join their neighbours."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._unseen = ""
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._unseen:
            self._depth += tag == self._unseen
        elif tag in _UNSEEN:
            self._unseen, self._depth = tag, 1
        else:
            self._separate(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._unseen:
            self._depth -= tag == self._unseen
            if not self._depth:
                self._unseen = ""
        else:
            self._separate(tag)

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.pieces.append(_BLANKS.sub(" ", data))

    def _separate(self, tag: str) -> None:
        if tag not in _INLINE:
            self.pieces.append("\n")
