"""What the run needs from outside the repository: here, or skipped with a reason, or failed when required."""

from __future__ import annotations

from pathlib import Path

import pytest

import suites

pytest_plugins = ["pytester"]


@pytest.mark.parametrize("part", suites.PARTS)
def test_part_is_here(part: str) -> None:
    assert suites.require(part).exists()


def test_w3c_suites_are_unpacked(w3c: Path) -> None:
    assert (w3c / "rdf-tests" / "sparql" / "sparql11" / "manifest-all.ttl").is_file()
    assert (w3c / "data-shapes-tests" / "data-shapes-test-suite" / "tests" / "manifest.ttl").is_file()


def test_absent_part_skips_with_a_reason(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KG_SHARED", str(tmp_path))
    monkeypatch.delenv("KG_TEST_REQUIRE", raising=False)
    with pytest.raises(pytest.skip.Exception, match="seed is absent"):
        suites.require("seed")


def test_absent_part_fails_where_it_is_required(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KG_SHARED", str(tmp_path))
    monkeypatch.setenv("KG_TEST_REQUIRE", "w3c, seed")
    with pytest.raises(pytest.fail.Exception, match="KG_TEST_REQUIRE names it"):
        suites.require("seed")


def test_unknown_part_cannot_be_required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_TEST_REQUIRE", "sead")
    with pytest.raises(pytest.UsageError, match="sead"):
        suites.required()


def test_skips_are_listed_by_reason_before_the_closing_line(pytester: pytest.Pytester) -> None:
    for name in ("conftest.py", "suites.py"):
        pytester.makepyfile(**{name[:-3]: (Path(__file__).parent / name).read_text(encoding="utf-8")})
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.parametrize("n", [1, 2])
        def test_one(n):
            pytest.skip("no such thing here")
        """
    )
    lines = pytester.runpytest_subprocess("-p", "no:cacheprovider").outlines
    assert "    2  no such thing here" in lines
    assert "2 skipped" in lines[-1]
