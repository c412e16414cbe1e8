"""Formats by their names and by what a client says that it likes; whole headers are in ``accept.csv``."""

from __future__ import annotations

import pytest

from kg.errors import NotAcceptable
from kg.formats import JSON_LD, OFFERED, TURTLE, negotiate, offered

BOTH = (TURTLE, JSON_LD)


def test_a_format_by_its_suffix() -> None:
    assert offered("ttl") is offered(TURTLE) is TURTLE
    with pytest.raises(NotAcceptable, match="no format is called 'docx'") as caught:
        offered("docx")
    assert caught.value.available == tuple(OFFERED)


@pytest.mark.parametrize("quality", ["high", "", "1.5.0", "nan"])
def test_a_quality_that_is_no_number_is_none(quality: str) -> None:
    assert negotiate(f"text/turtle;q={quality}, application/ld+json;q=0.1", BOTH) is JSON_LD


@pytest.mark.parametrize(("quality", "expected"), [("7", TURTLE), ("-1", JSON_LD)])
def test_a_quality_out_of_range_is_the_nearest_in_it(quality: str, expected: object) -> None:
    assert negotiate(f"text/turtle;q={quality}, application/ld+json;q=0.9", BOTH) is expected


def test_what_nobody_offers_is_refused_with_what_there_is() -> None:
    with pytest.raises(NotAcceptable, match=r"\(image/png\)") as caught:
        negotiate("image/png", BOTH)
    assert caught.value.available == ("text/turtle", "application/ld+json")
