"""Importing sheets into the invented collection: what is planned, refused and written."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from invented_sheets import CLAIM, apply, exported, faults, files, only, planned, project, table

import velmora
from kg import sheets
from kg.errors import ProjectError
from kg.project import Project
from kg.sheets import Import, remedies
from kg.sheets.reading import Read
from kg.sheets.values import KEPT
from kg.validation import Finding
from suites import ROOT


@pytest.fixture
def velmora_project(tmp_path: Path) -> Project:
    return project(tmp_path / "velmora")


def row(**cells: str) -> dict[str, str]:
    return CLAIM | cells


def source_text(project: Project, name: str = "claims.ttl") -> str:
    return (project.root / "data/velmora/sources/gazette-1" / name).read_text()


# Adding


def test_a_claim_is_added_and_comes_back_as_it_was(velmora_project: Project) -> None:
    done = planned(velmora_project, claims=[row()])
    assert [(each.verb, each.row, each.resource) for each in done.plan.changes] == [
        ("added", 2, "claim:new-deaths")
    ]
    assert faults(done) == []
    apply(done)
    (back,) = (each for each in exported(velmora_project, "claims") if each["id"] == "new-deaths")
    assert {name: back[name] for name in CLAIM} == CLAIM
    assert not planned(velmora_project, claims=[row()]).plan.changes


KINDS = [
    row(id="a1", comparator="moreThan", amount="30", lower="31"),
    row(id="a2", comparator="between", amount="", lower="48", upper="66", qualified="preliminary | perhaps-more"),
    row(id="a3", comparator="vague", amount="", says="many"),
    row(id="a4", comparator="unknown", amount="", counted="population-people", **{"from": "1901-03-04", "to": "1901-03-05", "duration": "P2D"}),
]  # fmt: skip
OTHERS = [
    ("b1", "date", "date", "1901-03-04/.."),
    ("b2", "date", "ongoingOn", "1901-03-05"),
    ("b3", "relation", "schema:location", "place:velmora"),
    ("b4", "depiction", "depicts", "person:oskar-lind"),
    ("b5", "bibliographic", "schema:numberOfPages", "212"),
    ("b6", "bibliographic", "schema:datePublished", "1903"),
    ("b7", "bibliographic", "schema:isbn", "9780306406157"),
    ("b8", "naming", "isCalled", "long-week"),
    ("b9", "identity", "identifiedAs", "person:oskar-lind"),
    ("b10", "epistemic", "isAbout", "event:coast-1901"),
    ("b11", "characterisation", "characterisedAs", "long-week"),
    ("b12", "responsibility", "attributedTo", "org:company"),
    ("b13", "motive", "demanded", "concept:weeks"),
    ("b14", "causal", "causedBy", "event:coast-1901"),
    ("b15", "route", "route", "route:north"),
]
ROWS = KINDS + [
    {"id": id, "source": "gazette-1", "about": "event:velmora-1901", "kind": kind, "property": property, "says": says,
     "speaker": "actor:dockers", "basis": "statedInText", "passage": "p2", "polarity": "denied"}
    for id, kind, property, says in OTHERS
]  # fmt: skip


def test_every_kind_of_claim_is_a_row_and_comes_back_as_it_was(velmora_project: Project) -> None:
    done = planned(velmora_project, claims=ROWS)
    assert faults(done) == []
    apply(done)
    back = {each["id"]: each for each in exported(velmora_project, "claims")}
    for cells in ROWS:
        assert {name: back[cells["id"]][name] for name in cells if cells[name]} == {name: cell for name, cell in cells.items() if cell}  # fmt: skip
    assert not any(KEPT in each.values() for each in back.values())
    written = (velmora_project.root / "data/velmora/sources/gazette-1/claims.ttl").read_text(encoding="utf-8")
    assert "rdf:object concept:range-between-bounds" in written
    assert not planned(velmora_project, claims=ROWS).plan.changes


def test_bounds_of_dates_follow_and_the_file_has_them(velmora_project: Project) -> None:
    apply(planned(velmora_project, claims=ROWS))
    text = source_text(velmora_project).partition("claim:b1 ")[2].partition("\n\n")[0]
    assert 'kg:earliestStart "1901-03-04"^^xsd:date' in text
    assert 'kg:latestStart "1901-03-04"^^xsd:date' in text
    assert "kg:latestEnd" not in text


def test_what_needs_a_source_people_and_words_comes_in_one_import(velmora_project: Project) -> None:
    done = planned(
        velmora_project,
        sources=[{"id": "coast-post", "label": "Coast Post", "type": "NewsArticle", "rights": "http://rightsstatements.org/vocab/CNE/1.0/"}],
        events=[{"id": "starholm-1902", "label": "Stoppage at Starholm, 1902", "kind": "demonstration"}],
        voices=[{"id": "org:coast-post", "label": "Coast Post"}, {"id": "voice:coast-post-unstated", "label": "unattributed reports of the Coast Post", "work": "source:coast-post", "evidence_level": "first-hand"}],
        concepts=[{"id": "population-sailors", "scheme": "populations", "label": "sailors"}],
        claims=[
            {"id": "coast-post-1", "source": "coast-post", "about": "event:starholm-1902", "measure": "participants", "comparator": "about", "amount": "90",
             "unit": "persons", "counted": "population-sailors", "as_of": "1902-11", "speaker": "voice:coast-post-unstated", "basis": "inferred",
             "relayed_by": "org:coast-post | org:gazette", "work": "source:coast-post", "locator": "page 3", "read_in": "https://archive.example/coast", "read_on": "1991-05-01",
             "evidence_level": "first-hand", "note": "The number stands in the headline."},
            {"id": "coast-post-2", "source": "coast-post", "about": "event:starholm-1902", "measure": "participants", "comparator": "unqualified", "amount": "70",
             "unit": "persons", "as_of": "1902", "speaker": "voice:coast-post-unstated", "basis": "inferred", "work": "source:coast-post", "locator": "page 3",
             "read_in": "https://archive.example/coast", "read_on": "1991-05-01", "evidence_level": "first-hand", "narrows": "coast-post-1"},
        ],
    )  # fmt: skip
    report, kept = done.write()
    assert kept, [str(each) for each in report]
    assert report.conforms
    assert 'graphs."source/coast-post"' in (velmora_project.root / "kg.toml").read_text()
    text = (velmora_project.root / "data/velmora/sources/coast-post/claims.ttl").read_text()
    assert text.count("a kg:Citation") == 1
    assert 'kg:asOfEarliest "1902-11-01"^^xsd:date' in text
    assert 'kg:asOfLatest "1902-12-31"^^xsd:date' in text
    assert "kg:agent org:gazette ;\n    kg:position 2" in text
    assert 'rdfs:label "Coast Post, nearest to the speaker"@en' in text
    assert not planned(
        Project.open(velmora_project.root), claims=table(exported(velmora_project, "claims"))
    ).plan.changes


def test_the_example_of_the_page_is_sound(velmora_project: Project) -> None:
    page = (ROOT / "docs" / "sheets.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```csv\n(.*?)```", page, re.DOTALL)
    source = {"id": "coast-post-1901-03-09", "label": "Coast Post, 9 March 1901", "type": "NewsArticle", "rights": "http://rightsstatements.org/vocab/CNE/1.0/"}  # fmt: skip
    done = planned(velmora_project, claims=example.encode(), sources=[source], voices=[{"id": "org:coast-post", "label": "Coast Post"}])  # fmt: skip
    assert faults(done) == []
    report, kept = done.write()
    assert kept
    assert report.conforms


def test_a_settings_file_keeps_its_comments(velmora_project: Project) -> None:
    settings = velmora_project.root / "kg.toml"
    settings.write_text("# kept\n" + settings.read_text())
    before = settings.read_text()
    rights = "http://rightsstatements.org/vocab/CNE/1.0/"
    apply(
        planned(velmora_project, sources=[{"id": "x", "label": 'The "X"', "type": "Book", "rights": rights}])
    )
    assert settings.read_text().startswith(before)
    assert Project.open(velmora_project.root).graphs["source/x"].title == 'What is read in: The "X"'


# Changing


def test_a_change_touches_nothing_else(velmora_project: Project) -> None:
    before = velmora.statements(velmora_project.root).read_text()
    done = planned(velmora_project, claims=[{"id": "about", "amount": "21"}])
    (change,) = done.plan.changes
    assert (change.verb, change.cells) == ("changed", (("amount", "20", "21"),))
    apply(done)
    after = velmora.statements(velmora_project.root).read_text()
    assert after == before.replace("rdf:object 20 ;", "rdf:object 21 ;").replace(
        "kg:amount 20 ;", "kg:amount 21 ;"
    )


def test_withdrawing_keeps_the_record(velmora_project: Project) -> None:
    done = planned(velmora_project, claims=[{"id": "about", "status": "withdrawn"}])
    assert [each.verb for each in done.plan.changes] == ["withdrawn"]
    apply(done)
    back = {each["id"]: each for each in exported(velmora_project, "claims")}
    assert (back["about"]["status"], back["about"]["amount"]) == ("withdrawn", "20")


def test_an_empty_cell_takes_a_value_away_and_an_absent_column_does_not(velmora_project: Project) -> None:
    apply(planned(velmora_project, places=[{"id": "velmora", "other_names": ""}]))
    (back,) = (each for each in exported(velmora_project, "places") if each["id"] == "velmora")
    assert (back["other_names"], back["names"], back["label"]) == ("", "velmora-en | velmora-hy", "Velmora")
    text = velmora.statements(velmora_project.root).read_text()
    assert "geo:lat 61.5" in text
    assert '"Վելմորա"@hy' in text


def test_a_required_cell_cannot_be_emptied(velmora_project: Project) -> None:
    assert faults(planned(velmora_project, events=[{"id": "velmora-1901", "label": ""}])) == [
        (2, "label", "sheet-cell")
    ]
    assert faults(planned(velmora_project, claims=[{"id": "about", "unit": "persons", "amount": ""}])) == [
        (2, "amount", "sheet-cell")
    ]


def test_rows_that_are_missing_change_nothing(velmora_project: Project) -> None:
    done = planned(velmora_project, claims=[{"id": "about", "amount": "20"}])
    assert not done.plan.changes
    assert sum(done.plan.absent.values()) == 34


def test_a_complete_sheet_withdraws_claims_and_refuses_to_lose_others(velmora_project: Project) -> None:
    rows = [each for each in exported(velmora_project, "claims") if each["id"] != "about"]
    done = Import(velmora_project, files(velmora_project, {"claims": rows}), complete=True)
    assert [(each.verb, each.row, each.resource) for each in done.plan.changes] == [
        ("withdrawn", 0, "claim:about")
    ]
    places = [each for each in exported(velmora_project, "places") if each["id"] != "starholm"]
    refused = Import(velmora_project, files(velmora_project, {"places": places}), complete=True)
    found = [each for each in refused.plan.findings if each.rule == "sheet-missing"]
    assert [each.message for each in found] == ["place:starholm has no row, and nothing is ever deleted"]
    assert "kg withdraw place:starholm" in found[0].remedy
    assert "replaced_by" in found[0].remedy


def test_what_a_row_cannot_hold_is_kept_and_not_changed(velmora_project: Project) -> None:
    path = velmora.statements(velmora_project.root)
    path.write_text(
        path.read_text() + "\nclaim:about kg:placeScope place:velmora ; kg:comparator kg:estimated .\n"
    )
    (shown,) = (each for each in exported(velmora_project, "claims") if each["id"] == "about")
    assert (shown["comparator"], shown["where"]) == (KEPT, "velmora")
    assert not planned(velmora_project, claims=[shown]).plan.changes
    done = planned(velmora_project, claims=[shown | {"comparator": "about"}])
    assert only(done).message == "the files say more here than a row can hold"
    written = planned(velmora_project, claims=[row(comparator=KEPT)])
    assert faults(written) == [(2, "comparator", "sheet-cell")]


def test_a_statement_without_a_column_survives_every_change(velmora_project: Project) -> None:
    path = velmora.statements(velmora_project.root)
    path.write_text(
        path.read_text()
        + '\n# why\nplace:starholm kg:caveat true ; rdfs:label "Штархольм"@ru . # see there\n'
    )
    apply(planned(velmora_project, places=[{"id": "starholm", "label": "Star Holm"}]))
    assert (
        '# why\nplace:starholm kg:caveat true ; rdfs:label "Штархольм"@ru . # see there\n' in path.read_text()
    )
    assert 'rdfs:label "Star Holm"@en' in path.read_text()


# Identifiers


def test_a_row_without_an_identifier_is_refused_with_a_proposal(velmora_project: Project) -> None:
    done = planned(velmora_project, claims=[row(id="")], events=[{"id": "", "label": "Meeting at Starholm", "kind": "demonstration"}])  # fmt: skip
    told = {each.file.rpartition("/")[2]: each.remedy for each in done.plan.findings}
    assert told["claims.csv"].startswith("write gazette-1-002, or")
    assert told["events.csv"].startswith("write meeting-at-starholm, or")
    voices = planned(velmora_project, voices=[{"id": "", "label": "Coast Post"}])
    assert (
        only(voices).remedy == "write org:coast-post or actor:coast-post or voice:coast-post, whichever it is"
    )


def test_identifiers_are_written_into_the_sheet_when_asked(velmora_project: Project) -> None:
    data = table([row(id=""), row(id="gazette-1-002"), row(id="")], ";")
    given = files(velmora_project, {"claims": data})
    (path,) = given
    done = Import(velmora_project, given, identify=True)
    assert faults(done) == []
    apply(done)
    lines = path.read_text().splitlines()
    assert [line.partition(";")[0] for line in lines] == [
        "id",
        "gazette-1-002-2",
        "gazette-1-002",
        "gazette-1-004",
    ]
    assert not Import(velmora_project, {path: path.read_bytes()}).plan.changes


@pytest.mark.parametrize(
    ("id", "said"),
    [
        ("New One", "new-one"),
        ("event:x", "event:… is not"),
        ("a--b", "a-b"),
        ("ä", "a"),
        ("claim:", "small Latin"),
    ],
)
def test_what_is_no_identifier_is_refused(velmora_project: Project, id: str, said: str) -> None:
    found = only(planned(velmora_project, claims=[row(id=id)]))
    assert found.rule == "sheet-id"
    assert said.split("…", maxsplit=1)[0].strip() in f"{found.message} {found.remedy}"


def test_two_rows_of_one_identifier_are_refused(velmora_project: Project) -> None:
    found = only(planned(velmora_project, claims=[row(), row(id="claim:new-deaths", amount="13")]))
    assert (found.line, found.message) == (3, "row 2 has the identifier 'claim:new-deaths' too")


def test_what_the_files_describe_otherwise_is_refused(velmora_project: Project) -> None:
    assert (
        faults(
            planned(
                velmora_project,
                names=[{"id": "velmora-en", "source": "gazette-1", "form": "Velmora", "language": "en"}],
            )
        )
        == []
    )
    path = velmora.statements(velmora_project.root)
    path.write_text(
        path.read_text()
        + '\nevent:odd a kg:GroupObservation ; rdfs:label "odd"@en ; prov:hadPrimarySource passage:p1 .\n'
    )
    assert faults(
        planned(velmora_project, events=[{"id": "odd", "label": "Odd", "kind": "demonstration"}])
    ) == [(2, "id", "sheet-id")]


# Bad cells


@pytest.mark.parametrize(
    ("cells", "column", "said"),
    [
        ({"about": ""}, "about", "event:velmora-1901"),
        ({"about": "event:velmora-1091"}, "about", "there are event:velmora-1901"),
        ({"speaker": "org:harbor-office"}, "speaker", "org:harbour-office"),
        ({"speaker": "place:velmora"}, "speaker", "name org:… or actor:… or voice:… or person:…"),
        ({"speaker": "the mayor"}, "speaker", "add it to voices.csv"),
        ({"where": "Velmorra"}, "where", "place:velmora"),
        ({"counted": "population-women"}, "counted", "add it to concepts.csv, or correct the name; there are concept:population-"),
        ({"measure": "injurd"}, "measure", "injured"),
        ({"measure": ""}, "property", "deaths"),
        ({"property": "schema:location"}, "measure", "deaths"),
        ({"comparator": "at least"}, "comparator", "atLeast"),
        ({"comparator": ""}, "comparator", "unqualified"),
        ({"amount": "1,200"}, "amount", "write 1200"),
        ({"amount": ""}, "amount", "as printed"),
        ({"comparator": "atLeast", "lower": "13"}, "lower", "write 12"),
        ({"comparator": "moreThan", "upper": "13"}, "upper", "empty this cell"),
        ({"comparator": "between"}, "amount", "bounds"),
        ({"comparator": "between", "amount": "", "lower": "9", "upper": "4"}, "lower", "both numbers"),
        ({"comparator": "vague", "amount": ""}, "says", "magnitudes"),
        ({"comparator": "vague", "amount": "", "says": "concept:persons"}, "says", "concept"),
        ({"says": "12"}, "says", "empty this cell"),
        ({"kind": "date"}, "kind", "quantity"),
        ({"kind": "quantities"}, "kind", "quantity"),
        ({"unit": "population-people"}, "unit", "units"),
        ({"as_of": "9.3.1901"}, "as_of", "1901-03-09"),
        ({"as_of": "1901/1900"}, "as_of", "a month is"),
        ({"basis": "byLine"}, "basis", "byline"),
        ({"status": "deleted"}, "status", "recorded, withdrawn"),
        ({"passage": "p11"}, "passage", "passage:p1"),
        ({"relayed_by": "org:coastal-wir"}, "relayed_by", "org:coastal-wire"),
        ({"work": "work:almanac"}, "evidence_level", "second-hand"),
        ({"work": "work:almanac", "evidence_level": "secondhand"}, "evidence_level", "concept:second-hand"),
        ({"work": "work:almanac", "evidence_level": "second-hand", "read_in": "latimes.com"}, "read_in", "https://latimes.com"),
        ({"citation": "almanach"}, "citation", "citation:almanac"),
        ({"narrows": "atleast"}, "narrows", "claim:at-least"),
        ({"derived_from": "at-least"}, "method", "both cells"),
        ({"recorded_by": "org:nobody"}, "recorded_by", "org:"),
        ({"source": "gazette-2"}, "source", "gazette-1"),
        ({"source": ""}, "source", "sources.csv"),
    ],
)  # fmt: skip
def test_each_bad_cell_is_told_at_its_column_with_what_to_do(velmora_project: Project, cells: dict[str, str], column: str, said: str) -> None:  # fmt: skip
    found = [
        each for each in planned(velmora_project, claims=[row(**cells)]).plan.findings if each.path == column
    ]
    assert len(found) == 1, cells
    assert found[0].line == 2
    assert said in f"{found[0].message} → {found[0].remedy}"


def test_a_row_for_another_kind_has_no_numbers(velmora_project: Project) -> None:
    done = planned(
        velmora_project, claims=[row(measure="", property="schema:location", kind="relation", says="")]
    )
    assert {each.path for each in done.plan.findings} == {"comparator", "amount", "says"}
    unsettled = planned(velmora_project, claims=[row(measure="", property="schema:location", comparator="", amount="", says="place:velmora")])  # fmt: skip
    assert only(unsettled).path == "kind"


def test_all_faults_of_all_sheets_are_told_and_nothing_is_planned_of_those_rows(
    velmora_project: Project,
) -> None:
    done = planned(velmora_project, claims=[row(id="a", speaker="org:x", amount="x"), row(id="b")], places=[{"id": "q", "label": "=Q"}])  # fmt: skip
    assert len(done.plan.findings) == 3
    assert done.plan.refused
    assert [each.resource for each in done.plan.changes] == ["claim:b"]


# Two people at once


def test_a_row_that_both_changed_is_a_conflict_with_both_values(velmora_project: Project) -> None:
    rows = exported(velmora_project, "claims")
    apply(planned(velmora_project, claims=[{"id": "about", "amount": "21"}]))
    mine = [each | {"amount": "22"} if each["id"] == "about" else each for each in rows]
    found = only(planned(velmora_project, claims=mine))
    assert found.rule == "sheet-conflict"
    assert "amount: the files have '21', the sheet '22'" in found.message
    forced = [each | {"was": ""} if each["id"] == "about" else each for each in mine]
    assert [each.cells for each in planned(velmora_project, claims=forced).plan.changes] == [
        (("amount", "21", "22"),)
    ]


def test_a_row_that_only_the_files_changed_stays_out_of_the_way(velmora_project: Project) -> None:
    rows = exported(velmora_project, "claims")
    apply(planned(velmora_project, claims=[{"id": "about", "amount": "21"}]))
    done = planned(velmora_project, claims=rows)
    assert (done.plan.changes, done.plan.findings) == ([], [])
    assert len(done.plan.notes) == 1


def test_a_row_that_both_changed_alike_is_none(velmora_project: Project) -> None:
    rows = exported(velmora_project, "claims")
    apply(planned(velmora_project, claims=[{"id": "about", "amount": "21"}]))
    mine = [each | {"amount": "21"} if each["id"] == "about" else each for each in rows]
    assert planned(velmora_project, claims=mine).plan.findings == []


def test_an_exported_row_whose_identifier_was_changed_is_refused(velmora_project: Project) -> None:
    rows = exported(velmora_project, "claims")
    (place,) = (place for place, each in enumerate(rows) if each["id"] == "about")
    rows[place]["id"] = "renamed"
    assert faults(planned(velmora_project, claims=rows)) == [(place + 2, "id", "sheet-id")]


def test_a_claim_does_not_move(velmora_project: Project) -> None:
    assert faults(planned(velmora_project, claims=[{"id": "about", "source": "other"}])) == [
        (2, "source", "sheet-source")
    ]


# Shared citations


def test_a_shared_citation_is_described_alike_in_all_rows(velmora_project: Project) -> None:
    rows = exported(velmora_project, "claims")
    one = [each | {"locator": "page 13"} if each["id"] == "pages" else each for each in rows]
    found = [
        each for each in planned(velmora_project, claims=one).plan.findings if each.rule == "sheet-citation"
    ]
    assert {each.path for each in found} == {"locator"}
    every = [each | {"locator": "page 13"} if each["citation"] == "almanac" else each for each in rows]
    done = planned(velmora_project, claims=every)
    assert faults(done) == []
    apply(done)
    assert 'kg:locator "page 13"' in velmora.statements(velmora_project.root).read_text()
    assert {
        each["locator"] for each in exported(velmora_project, "claims") if each["citation"] == "almanac"
    } == {"page 13"}


def test_an_own_citation_is_made_where_the_name_is_taken_out(velmora_project: Project) -> None:
    done = planned(velmora_project, claims=[{"id": "pages", "citation": "", "work": "work:almanac", "locator": "page 13", "evidence_level": "second-hand"}])  # fmt: skip
    assert faults(done) == []
    apply(done)
    (back,) = (each for each in exported(velmora_project, "claims") if each["id"] == "pages")
    assert (back["citation"], back["locator"], back["read_on"]) == ("almanac-2", "page 13", "1991-05-01")


# Writing


def test_what_would_not_conform_is_told_at_its_row_and_column_and_not_written(
    velmora_project: Project,
) -> None:
    before = {path: path.read_bytes() for path in velmora_project.root.rglob("*") if path.is_file()}
    done = planned(velmora_project, voices=[{"id": "actor:crowd", "label": "crowd on the quay"}], claims=[row(retracts="pages", passage="", work="work:almanac", evidence_level="first-hand")])  # fmt: skip
    sheets_of = {path: path.read_bytes() for path in velmora_project.root.glob("sheets/*")}
    report, kept = done.write()
    assert not kept
    told = {
        (Path(each.file).name, each.line, each.path, each.rule)
        for each in report
        if each.severity == "violation"
    }
    assert told == {("voices.csv", 2, "", "actor-source"), ("claims.csv", 2, "retracts", "retraction-own")}
    assert {
        path: path.read_bytes() for path in velmora_project.root.rglob("*") if path.is_file()
    } == before | sheets_of


def test_a_check_writes_nothing_and_is_made_anew_where_a_file_was_changed(velmora_project: Project) -> None:
    done = planned(velmora_project, claims=[row()])
    before = {path: path.read_bytes() for path in velmora_project.root.rglob("*") if path.is_file()}
    checked = done.check()
    assert checked[1]
    assert {path: path.read_bytes() for path in velmora_project.root.rglob("*") if path.is_file()} == before
    assert done.check() is checked
    other = velmora_project.root / "data/velmora/entities/voices.ttl"
    other.parent.mkdir(exist_ok=True)
    head = "".join(re.findall("@prefix .*\n", velmora.statements(velmora_project.root).read_text()))
    other.write_text(head + 'actor:lost a kg:CollectiveActor ; rdfs:label "lost"@en .\n')
    report, kept = done.write()
    assert kept
    assert (checked[0].conforms, report.conforms) == (True, False)


def test_local_copies_of_sources_are_held_against_what_would_be_written(
    velmora_project: Project, tmp_path: Path
) -> None:
    (tmp_path / "beside.txt").write_text("nine plain words that nobody has said here before now and again")
    (velmora_project.root / "kg.local.toml").write_text('[texts]\ngazette-1 = "../beside.txt"\n')
    done = planned(
        velmora_project, claims=[row(note="nine plain words that nobody has said here before now")]
    )
    report, sound = done.check()
    assert not sound
    assert ("claims.csv", 2, "note", "quotation") in {
        (Path(each.file).name, each.line, each.path, each.rule) for each in report
    }


SAID = [
    ("voices", "add prov:hadPrimarySource or kg:citation", "fill passage, or work, locator and evidence_level (in voices.csv)"),
    ("claims", "add kg:passage (made with kg anchor) or kg:citation", "fill passage (made with kg anchor), or work, locator and evidence_level (in claims.csv)"),
    ("people", "add prov:wasDerivedFrom an observation, or kg:passage", "fill derived_from an observation, or passage (in people.csv)"),
    ("people", "add kg:sensitivity concept:possibly-living, or record who says that the person died", "write possibly-living under sensitivity, or record who says that the person died (in people.csv)"),
    ("claims", "write kg:visibility kg:veiled or kg:withheld, or take it out", "write veiled or withheld under visibility, or take it out (in claims.csv)"),
    ("claims", "check kg:scopeFrom against the date line", "check column from against the date line (in claims.csv)"),
    ("events", "add rdfs:label with a language", "fill label with a language (in events.csv)"),
    ("places", "add kg:passage or kg:citation", "add kg:passage or kg:citation"),
    ("claims", "write the amount again as rdf:object; for a vague word its concept, for unknown kg:unknownValue", "write the amount again as rdf:object; for a vague word its concept, for unknown kg:unknownValue"),
    ("claims", "put the bounds in order", "put the bounds in order"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "remedy", "said"), SAID)
def test_a_remedy_names_columns_where_the_sheet_has_them(name: str, remedy: str, said: str) -> None:
    read = Read(sheets.sheets(("en", "hy"))[name], f"{name}.csv", columns=("id",))
    finding = Finding("violation", "something", "rule", remedy)
    assert remedies.told(finding, read, 2) == replace(finding, file=f"{name}.csv", line=2, remedy=said)


def test_violations_that_were_there_before_do_not_hinder(velmora_project: Project) -> None:
    path = velmora.statements(velmora_project.root)
    path.write_text(path.read_text() + '\nactor:lost a kg:CollectiveActor ; rdfs:label "lost"@en .\n')
    report, kept = planned(velmora_project, claims=[row()]).write()
    assert kept
    assert not report.conforms
    assert "claim:new-deaths" in source_text(velmora_project)


def test_a_file_that_was_changed_in_the_meantime_is_not_overwritten(velmora_project: Project) -> None:
    done = planned(velmora_project, claims=[{"id": "about", "amount": "21"}])
    path = velmora.statements(velmora_project.root)
    path.write_text(path.read_text() + "\n# somebody was here\n")
    with pytest.raises(ProjectError, match="in the meantime"):
        done.write()
    assert path.read_text().endswith("# somebody was here\n")


def test_all_files_or_none(velmora_project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    done = planned(velmora_project, claims=[{"id": "about", "amount": "21"}, row()])
    before = {path: path.read_bytes() for path in velmora_project.root.rglob("*") if path.is_file()}
    replace = Path.replace

    def full(self: Path, target: Path) -> Path:
        if target.name == "claims.ttl":
            raise OSError(28, "No space left on device")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        done.write()
    assert {path: path.read_bytes() for path in velmora_project.root.rglob("*") if path.is_file()} == before


def test_a_collection_has_to_be_told_where_there_are_two(velmora_project: Project) -> None:
    (velmora_project.root / "data" / "second").mkdir()
    tables = {"events": [{"id": "x", "label": "X", "kind": "demonstration"}]}
    with pytest.raises(ProjectError, match="which collection"):
        Import(velmora_project, files(velmora_project, tables))
    done = Import(velmora_project, files(velmora_project, tables), collection="second")
    assert [each.file for each in done.plan.changes] == ["data/second/entities/events.ttl"]


def test_empty_sheets_name_every_column(velmora_project: Project) -> None:
    made = sheets.empty(velmora_project)
    assert set(made) == {*(f"{name}.csv" for name in sheets.NAMES), "columns.csv", "README.txt"}
    for name, sheet in sheets.sheets(("en", "hy")).items():
        assert made[f"{name}.csv"].decode("utf-8-sig").strip().split(",") == list(sheet.header)
    assert not planned(velmora_project, **{name: made[f"{name}.csv"] for name in sheets.NAMES}).plan.findings
