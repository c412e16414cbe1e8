"""docs/curating.md: from an empty directory to a published and corrected claim, as a new curator would; what is printed is what stands there."""

from __future__ import annotations

import re
from pathlib import Path

import documents
from kg.formats import TURTLE
from kg.loading import reading
from suites import ROOT

PAGE = (ROOT / "docs" / "curating.md").read_text(encoding="utf-8")
CLAIMS = "here/harbour/data/harbour/sources/orrin-herald-1962-06-23/claims.ttl"


def test_the_guide_leads_from_a_clipping_to_a_published_claim(tmp_path: Path) -> None:
    assert documents.follow(PAGE, tmp_path) == 14
    written = reading.read((tmp_path / CLAIMS).read_bytes(), TURTLE)
    amounts = sorted(quad.object.value for quad in written.quads if quad.predicate.value.endswith("#amount"))
    assert amounts == ["260", "300"]  # corrected, and as it was


def test_every_page_that_it_sends_to_is_there() -> None:
    links = re.findall(r"\]\(([^)#]+)", PAGE)
    assert len(links) >= 5
    for link in links:
        assert (ROOT / "docs" / link).resolve().is_file(), link
