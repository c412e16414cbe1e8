"""What the first releases of the oldest Python that is supported do otherwise."""

from __future__ import annotations

import re

import pytest

from suites import ROOT

SOURCES = sorted(path for suffix in ("py", "lark") for path in (ROOT / "src").rglob(f"*.{suffix}"))
# a comma follows in the set of signs that SPARQL escapes: ()*+,
POSSESSIVE_GROUP = re.compile(r"\)(?:[*+?]|\{[0-9,]+\})\+(?!,)|\(\?>")


@pytest.mark.parametrize("text", ["(?:a|b)*+", "(?:a)++", "(a|b)?+", "(?:a){2,3}+", "(?>a|b)"])
def test_a_possessive_group_is_seen(text: str) -> None:
    assert POSSESSIVE_GROUP.search(text)


def test_no_pattern_has_a_possessive_group() -> None:
    """Python 3.11.0 to 3.11.4 match possessive and atomic groups wrongly (gh-106052): a check made with one lets pass what it must not."""
    found = [path.name for path in SOURCES if POSSESSIVE_GROUP.search(path.read_text(encoding="utf-8"))]
    assert not found
    assert len(SOURCES) > 100
