"""kg cite: what it prints is what the library gives, and what it refuses is told with a remedy."""

from __future__ import annotations

from pathlib import Path

import pytest
from commands import Outcome, kg

import kg as library


@pytest.fixture(scope="module")
def archive(release: Path) -> library.Archive:
    return library.open(release)


def test_it_prints_what_the_library_gives(
    capsys: pytest.CaptureFixture[str], release: Path, archive: library.Archive
) -> None:
    def cited(*words: str) -> Outcome:
        return kg(capsys, "cite", *words, "--release", release)

    assert cited("asbarez-c02-s2-01").out == archive.cite("asbarez-c02-s2-01") + "\n"
    for format in ("bibtex", "csl"):
        assert cited("krasnovodsk", "--format", format).out == archive.cite("krasnovodsk", format=format)
    assert cited().out == archive.cite() + "\n"
    asked = cited(
        "claims-by-measure", "--event", "baku-1990-01", "--param", "measure=deaths", "--format", "bibtex"
    )
    assert asked.out == archive.cite(
        "claims-by-measure", format="bibtex", event="baku-1990-01", measure="deaths"
    )
    assert (asked.code, asked.err) == (0, "")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nowhere-at-all"], "nothing is called"),
        (["claims-by-measure", "--evnt", "x"], "did you mean 'event'"),
        (["krasnovodsk", "--event", "x"], "only named queries take parameters"),
        (["krasnovodsk", "--format", "ris"], "'ris' is not one of"),
        (["INSERT DATA { <a:b> <a:b> 1 }"], "kg: "),
    ],
)
def test_what_cannot_be_cited_is_told(
    capsys: pytest.CaptureFixture[str], release: Path, words: list[str], said: str
) -> None:
    outcome = kg(capsys, "cite", *words, "--release", release)
    assert outcome.code == 2
    assert said in outcome.err
    assert outcome.out == ""
