"""Two independent readings of the page and their comparison: complete, within the closed lists, and counted as the README says."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

import pytest

import collection
import kg
from kg import evidence
from suites import ROOT

DATA: Final = ROOT / "data" / "baku-1990"
READINGS: Final = DATA / "readings"
README: Final = READINGS / "README.md"
LONGEST: Final = 8
"""Consecutive words that a line of ours may share with the source."""

COLUMNS: Final = ["start", "end", "place", "kind", "claimant", "subject", "property", "polarity"]
KINDS: Final = {
    "Bibliographic", "Causal", "Characterisation", "Date", "Depiction", "Epistemic", "Identity", "Motive",
    "Naming", "Quantity", "Relation", "Responsibility", "Route",
}  # fmt: skip
CLAIMANTS: Final = {
    "asbarez": "org:asbarez",
    "associated-press": "org:associated-press",
    "demonstrators-moscow": "actor:demonstrators-moscow-1990-01",
    "official-soviet-media": "actor:official-soviet-media",
    "reader-2": "person:asbarez-91953-reader-2",
    "reader-3": "person:asbarez-91953-reader-3",
    "unattributed": "voice:asbarez-91953-unstated",
    "unesco": "org:unesco",
    "vartanyan": "person:grigory-vartanyan",
}
VERDICTS: Final = [
    "same", "same-other-kind", "same-other-claimant", "same-other-term", "recorded-otherwise", "first-only",
    "second-only", "nothing-claimed",
]  # fmt: skip
OUTCOMES: Final = ["both-right", "kept-first", "took-second", "mended"]
SETTLED: Final = {
    # verdict: what may come of it
    "same": {"both-right", "mended"},
    "same-other-kind": {"both-right", "kept-first", "took-second"},
    "same-other-claimant": {"kept-first", "took-second"},
    "same-other-term": set(OUTCOMES),
    "recorded-otherwise": {"kept-first"},
    "first-only": {"kept-first"},
    "second-only": {"kept-first", "took-second"},
    "nothing-claimed": {"both-right"},
}

Row = dict[str, str]


def read(name: str) -> list[Row]:
    with (READINGS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


FIRST: Final = read("first.csv")
SECOND: Final = read("second.csv")
COMPARISON: Final = read("comparison.csv")
CLAIMS: Final = {row["claim"]: row for row in FIRST}
LINES: Final = {str(line): row for line, row in enumerate(SECOND, start=2)}
"""The rows of the second reading by their line in the file; the header is line 1."""


def firsts(row: Row) -> list[Row]:
    return [CLAIMS[slug] for slug in row["first"].split()]


def seconds(row: Row) -> list[Row]:
    return [LINES[line] for line in row["second"].split()]


def values(rows: Iterable[Row], column: str) -> set[str]:
    return {row[column] for row in rows}


@pytest.fixture(scope="module")
def recorded() -> dict[str, Row]:
    """The claims of sources as the collection holds them: kind, claimant, polarity, passage and activity by slug."""
    archive = kg.open(collection.built())
    answer = archive.query("""
        PREFIX kg: <https://w3id.org/attest/ns#> PREFIX prov: <http://www.w3.org/ns/prov#>
        PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> PREFIX oa: <http://www.w3.org/ns/oa#>
        SELECT DISTINCT ?claim ?kind ?claimant ?polarity ?start ?end ?activity {
            ?claim a ?kind ; kg:claimant ?claimant ; kg:polarity ?polarity ; prov:wasGeneratedBy ?activity ;
                kg:passage/oa:hasSelector ?place . ?place oa:start ?start ; oa:end ?end .
            FILTER (?kind != kg:Claim)
        }""")
    names = list(answer.columns)
    rows = [dict(zip(names, cells, strict=True)) for cells in answer.compact()]
    return {row["claim"].removeprefix("claim:"): row for row in rows}


class TestReadings:
    @pytest.mark.parametrize(("rows", "columns"), [(FIRST, [*COLUMNS, "claim"]), (SECOND, COLUMNS)])
    def test_columns_and_closed_lists(self, rows: list[Row], columns: list[str]) -> None:
        for row in rows:
            assert list(row) == columns, row
            assert None not in row.values(), row
            if row["kind"] == "none":
                assert row["property"], row
                assert not (row["claimant"] or row["subject"] or row["polarity"]), row
            else:
                assert row["kind"] in KINDS, row
                assert row["claimant"] in CLAIMANTS, row
                assert row["polarity"] in {"asserted", "denied"}, row
                assert row["subject"] and row["property"], row

    def test_the_first_claims_something_in_every_row_and_each_claim_once(self) -> None:
        assert len(CLAIMS) == len(FIRST)
        assert not [row for row in FIRST if row["kind"] == "none"]

    @pytest.mark.parametrize("rows", [FIRST, SECOND, COMPARISON], ids=["first", "second", "comparison"])
    def test_positions_lie_in_a_stretch_of_the_coverage(self, rows: list[Row]) -> None:
        with (DATA / "coverage.csv").open(encoding="utf-8", newline="") as file:
            stretches = [(int(row["start"]), int(row["end"])) for row in csv.DictReader(file)]
        for row in rows:
            start, end = int(row["start"]), int(row["end"])
            assert start < end, row
            assert any(low <= start and end <= high for low, high in stretches), row
            # the second divides the policy, two comments and the questions further
            assert rows is SECOND or (start, end) in stretches, row

    def test_the_first_says_what_the_collection_said(self, recorded: dict[str, Row]) -> None:
        changed = {
            slug
            for row in COMPARISON
            if row["outcome"] in {"took-second", "mended"}
            for slug in row["first"].split()
        }
        for slug, row in CLAIMS.items():
            now = recorded[slug]
            assert (now["start"], now["end"]) == (row["start"], row["end"]), slug
            assert now["claimant"] == CLAIMANTS[row["claimant"]], slug
            assert now["polarity"] == f"kg:{row['polarity']}", slug
            assert slug in changed or now["kind"] == f"kg:{row['kind']}Claim", slug

    @pytest.mark.parametrize("path", sorted(READINGS.iterdir()), ids=lambda path: path.name)
    def test_no_line_holds_a_sentence_of_the_source(self, seed: Path, path: Path) -> None:
        def words(text: str) -> list[str]:
            return re.findall(r"\w+", evidence.normalise(text).lower())

        def runs(text: str) -> set[tuple[str, ...]]:
            found = words(text)
            return {tuple(found[at : at + LONGEST + 1]) for at in range(len(found) - LONGEST)}

        source = runs(evidence.plain(seed.read_bytes()))
        assert source
        for line in path.read_text(encoding="utf-8").splitlines():
            assert source.isdisjoint(runs(line)), line


class TestComparison:
    def test_every_row_of_each_reading_stands_once(self) -> None:
        assert Counter(slug for row in COMPARISON for slug in row["first"].split()) == Counter(list(CLAIMS))
        assert Counter(line for row in COMPARISON for line in row["second"].split()) == Counter(list(LINES))

    def test_a_row_is_of_its_own_stretch(self) -> None:
        for row in COMPARISON:
            start, end = int(row["start"]), int(row["end"])
            for read_row in firsts(row) + seconds(row):
                assert start <= int(read_row["start"]) < int(read_row["end"]) <= end, row

    def test_verdicts_outcomes_and_reasons_are_of_the_closed_lists(self) -> None:
        documented = {line.split("|")[1].strip(" `"): line for line in section("Reasons") if "`" in line}
        for row in COMPARISON:
            assert row["verdict"] in VERDICTS, row
            assert row["outcome"] in SETTLED[row["verdict"]], row
            assert row["reason"] in documented, row
        assert values(COMPARISON, "reason") == set(documented)
        assert values(COMPARISON, "verdict") == set(VERDICTS)
        assert values(COMPARISON, "outcome") == set(OUTCOMES)

    def test_verdicts_say_what_the_rows_are(self) -> None:
        for row in COMPARISON:
            first, second, verdict = firsts(row), seconds(row), row["verdict"]
            assert bool(first) is verdict.startswith(("same", "first")), row
            assert bool(second) is (verdict != "first-only"), row
            assert (verdict == "nothing-claimed") is ("none" in values(second, "kind")), row
            if not verdict.startswith("same"):
                continue
            assert values(first, "polarity") == values(second, "polarity"), row
            assert (values(first, "claimant") == values(second, "claimant")) is (
                verdict != "same-other-claimant"
            ), row
            if verdict in {"same", "same-other-kind"}:
                assert (values(first, "kind") == values(second, "kind")) is (verdict == "same"), row

    def test_what_came_of_it_stands_in_the_collection(self, recorded: dict[str, Row]) -> None:
        for row in COMPARISON:
            for slug in row["claims"].split():
                assert slug in recorded, row
            # what was taken over, and what is said elsewhere or in another claim, is named
            named = row["outcome"] in {"took-second", "mended"} or row["reason"] in {"in-claim", "in-scope"}
            assert row["claims"] or not named, row

    def test_the_comparison_accounts_for_every_claim_that_it_changed_or_added(
        self, recorded: dict[str, Row]
    ) -> None:
        from_comparison = {
            slug for slug, row in recorded.items() if row["activity"].startswith("activity:comparison")
        }
        accounted = {
            slug for row in COMPARISON if row["outcome"] != "kept-first" for slug in row["claims"].split()
        }
        assert from_comparison == accounted
        later = {slug for slug, row in recorded.items() if row["activity"].startswith("activity:review")}
        assert later
        assert set(recorded) == set(CLAIMS) | accounted | later

    def test_what_is_said_in_an_anomaly_is_recorded(self) -> None:
        text = (DATA / "sources/asbarez-91953/anomalies.ttl").read_text(encoding="utf-8")
        named = {
            slug for row in COMPARISON for slug in re.findall(r"anomaly (asbarez-[a-z0-9-]+)", row["note"])
        }
        assert named
        assert {slug for slug in named if f"anomaly:{slug} a kg:SourceAnomaly" not in text} == set()


# --- the counts of the README


@cache
def section(title: str) -> list[str]:
    """Give the lines of the README under the heading *title*."""
    _, _, rest = README.read_text(encoding="utf-8").partition(f"\n## {title}\n")
    assert rest, title
    return rest.partition("\n## ")[0].splitlines()


def kappa(pairs: list[tuple[str, str]]) -> float:
    """Give Cohen's kappa of two raters over *pairs* of categories (Cohen 1960)."""
    total = len(pairs)
    observed = sum(a == b for a, b in pairs) / total
    ones, others = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    expected = sum(ones[name] * others[name] for name in ones) / total**2
    return (observed - expected) / (1 - expected)


def share(part: int, whole: int) -> str:
    return f"{part} of {whole} ({100 * part / whole:.1f} %)"


def by(column: str) -> list[str]:
    """Give the table of both readings by kind or claimant."""
    verdicts = {"first": dict[str, str](), "second": dict[str, str]()}
    for row in COMPARISON:
        for reading, found in verdicts.items():
            found.update(dict.fromkeys(row[reading].split(), row["verdict"]))
    table = []
    for name in sorted(values(FIRST, column) | (values(SECOND, column) - {"", "none"})):
        one = [verdicts["first"][slug] for slug, row in CLAIMS.items() if row[column] == name]
        two = [verdicts["second"][line] for line, row in LINES.items() if row[column] == name]
        cells = (
            name,
            len(one),
            sum(verdict.startswith("same") for verdict in one),
            len(two),
            sum(verdict.startswith("same") for verdict in two),
            two.count("recorded-otherwise"),
            two.count("second-only"),
        )
        table.append(f"| {' | '.join(map(str, cells))} |")
    return table


def agreement() -> list[str]:
    """Give the lines of the README that say how far the two readings agree."""
    both = [row for row in COMPARISON if row["verdict"].startswith("same")]
    said = [row for row in SECOND if row["kind"] != "none"]
    one = sum(len(row["first"].split()) for row in both)
    two = sum(len(row["second"].split()) for row in both)
    otherwise = sum(
        len(row["second"].split()) for row in COMPARISON if row["verdict"] == "recorded-otherwise"
    )
    pairs = {
        column: [(firsts(row)[0][column], seconds(row)[0][column]) for row in both]
        for column in ("claimant", "kind")
    }
    return [
        f"- of the first's claims the second has {share(one, len(FIRST))};",
        f"- of the second's rows the first has {share(two, len(said))} as claims, and {share(two + otherwise, len(said))} as claims or other data;",
        *(
            f"- where both have the statement, in {len(found)} rows, the {column} is the same in "
            f"{share(sum(a == b for a, b in found), len(found))}, Cohen's kappa {kappa(found):.2f}"
            for column, found in pairs.items()
        ),
    ]


def counted(column: str, order: list[str]) -> list[str]:
    """Give the table of verdicts or outcomes: rows of the comparison, of the first and of the second reading."""
    table = []
    for name in order:
        rows = [row for row in COMPARISON if row[column] == name]
        ones, twos = (sum(len(row[reading].split()) for row in rows) for reading in ("first", "second"))
        table.append(f"| `{name}` | {len(rows)} | {ones} | {twos} |")
    return table


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("How far they agree", agreement()),
        ("By kind", by("kind")),
        ("By claimant", by("claimant")),
        ("Verdicts", counted("verdict", VERDICTS)),
        ("Outcomes", counted("outcome", OUTCOMES)),
    ],
)
def test_the_counts_of_the_readme(title: str, lines: list[str]) -> None:
    stated = [
        line.rstrip(".;") for line in section(title) if re.search(r"^(- |\| `?[a-zA-Z0-9-]+`? \| \d)", line)
    ]
    assert stated == [line.rstrip(".;") for line in lines]


def test_the_reasons_of_the_readme_are_counted() -> None:
    stated = {
        cells[1].strip(" `"): int(cells[2])
        for line in section("Reasons")
        if len(cells := line.split("|")) == 5 and "`" in line
    }
    assert stated == Counter(row["reason"] for row in COMPARISON)


def test_kappa() -> None:
    # the worked example of Cohen's measure: 20 and 15 agreements, 5 and 10 disagreements
    pairs = [("yes", "yes")] * 20 + [("yes", "no")] * 5 + [("no", "yes")] * 10 + [("no", "no")] * 15
    assert kappa(pairs) == pytest.approx(0.4)
