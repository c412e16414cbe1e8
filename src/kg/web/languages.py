"""Languages: which of the release's languages a client wants names in, by ``lang`` or by Accept-Language (RFC 9110 §12.5.4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from kg.errors import QueryError
from kg.formats import HTML, ranges
from kg.pages.pages import Pages
from kg.web.parameters import in_address

PARAMETER: Final = "lang"
VARY: Final = "Accept, Accept-Language"
"""What the pages of a release with names in several languages depend on."""


def spoken(pages: Pages, request: Request) -> Pages:
    """Give *pages* with names in the language that *request* asks for. Raises QueryError for one that the release does not have."""
    asked = dict(in_address(request)).get(PARAMETER)
    if asked is None:
        return pages.spoken(preferred(request.headers.get("accept-language", ""), pages.languages))
    if asked not in pages.languages:
        raise QueryError(
            f"there are no names in the language {asked!r}", remedy=f"there are {', '.join(pages.languages)}"
        )
    return pages.spoken(asked)


def vary(pages: Pages) -> str:
    """Give the value of Vary for a page."""
    return VARY if len(pages.languages) > 1 else "Accept"


def varied(pages: Pages, response: Response) -> Response:
    """Give *response*, which says that it depends on the language where it is a page."""
    if response.headers.get("Content-Type", "").startswith(HTML.media_type):
        response.headers["Vary"] = vary(pages)
    return response


def preferred(header: str, known: Sequence[str]) -> str:
    """Give the one of *known* that the Accept-Language *header* likes best, the first where it likes none.

    Ranges match by prefix, as ``ru`` does ``ru-RU`` (RFC 4647 §3.3.1, and what browsers send is longer than what we have).

    >>> preferred("hy-AM,ru;q=0.8,en;q=0.5", ("en", "ru"))
    'ru'
    """
    best, weight = known[0], 0.0
    for range_, quality in ranges(header):
        wanted = range_.partition("-")[0]
        found = next((tag for tag in known if tag.partition("-")[0] == wanted), None)
        if found is not None and quality > weight:
            best, weight = found, quality
    return best
