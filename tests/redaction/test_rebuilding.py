"""Kept releases, rebuilt without what was taken back since; and what the build makes of withheld and redacted data."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pyoxigraph as ox
import pytest

import kg
import velmora
from kg import building, manifest, release
from kg.errors import Gone, InvalidGraph, NotFound
from kg.project import Project

HEAD = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in kg.names.Base().prefixes().items())
REDACTION = HEAD + (
    "decision:redaction-1 a kg:Redaction ; kg:redacts {what} ; kg:rationale \"{reason}\"@en ;\n"
    "    prov:wasAssociatedWith org:attest ; prov:endedAtTime \"1991-05-03T00:00:00Z\"^^xsd:dateTime .\n"
)  # fmt: skip


def redact(root: Path, what: str, reason: str = "Asked for by the family.") -> None:
    text = REDACTION.replace("{what}", what).replace("{reason}", reason)
    (root / "data" / "velmora" / "redactions.ttl").write_text(text)


def change(root: Path, old: str, new: str) -> None:
    file = velmora.statements(root)
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def build(root: Path) -> manifest.Manifest:
    return building.build(Project.open(root), root / "build")[0]


def mentioned(out: Path, word: str) -> list[str]:
    """Give every file below *out* that says *word*."""
    return [
        path.relative_to(out).as_posix()
        for path in sorted(out.rglob("*"))
        if path.is_file() and word.encode() in path.read_bytes()
    ]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return velmora.project(tmp_path)


def test_every_kept_release_is_rebuilt_and_the_order_and_the_current_one_stay(root: Path) -> None:
    (root / "queries").mkdir()
    question = "#+ summary: who\n#+ params:\n#+   who: {type: person, default: oskar-lind}\nSELECT ?x WHERE { BIND (?_who AS ?x) }\n"
    (root / "queries" / "who.rq").write_text(question)
    old = build(root)
    (root / "queries" / "who.rq").unlink()
    change(root, '"Stoppages on the coast, 1901"', '"Stoppages along the coast, 1901"')
    newer = build(root)
    before = release.kept(root / "build")
    assert len(before) == 2
    assert len(mentioned(root / "build", "skar Lind")) > 5
    assert any(name.endswith("/search.sqlite") for name in mentioned(root / "build", "skar Lind"))
    ages = [path.stat().st_mtime_ns for path in before]

    redact(root, "person:oskar-lind")
    current = build(root)

    out = root / "build"
    assert mentioned(out, "skar Lind") == []
    assert mentioned(out, "oskar-lind") == []
    assert not {old.id, newer.id} & {path.name for path in out.iterdir()}
    kept = release.kept(out)
    assert len(kept) == 3
    assert manifest.current(out) == kept[0]
    assert [path.stat().st_mtime_ns for path in kept[1:]] == ages
    for directory in kept:
        found = manifest.verify(directory)
        assert found.tombstones == current.tombstones
        assert found.counts["people"] == current.counts["people"]
        triples = {str(quad.triple) for quad in release.quads(directory)}
        assert len(triples) == found.counts["triples"]
    assert "along the coast" in (kept[1] / "quads.nq").read_text()
    assert "Stoppages on the coast" in (kept[2] / "quads.nq").read_text()
    # the question that named him is gone, what else the old release said of itself is as it was
    again = manifest.read(kept[2])
    assert again.file("queries/who.rq") is None
    assert (again.title, again.date, again.base, again.languages) == (
        old.title,
        old.date,
        old.base,
        old.languages,
    )
    assert again.inputs == old.inputs
    counts = {graph.iri.rpartition("/")[2]: graph.quads for graph in again.graphs}
    assert (
        counts["gazette-1"] < {graph.iri.rpartition("/")[2]: graph.quads for graph in old.graphs}["gazette-1"]
    )


def test_building_again_changes_nothing(root: Path) -> None:
    build(root)
    redact(root, "person:oskar-lind")
    build(root)
    before = {path.name: path.stat().st_ino for path in release.kept(root / "build")}
    build(root)
    assert {path.name: path.stat().st_ino for path in release.kept(root / "build")} == before


def test_an_old_release_loses_what_still_names_it_though_the_data_were_reworded(root: Path) -> None:
    change(root, '"Stoppages on the coast, 1901"', '"Stoppages that Oskar Lind saw, 1901"')
    build(root)
    change(root, '"Stoppages that Oskar Lind saw, 1901"', '"Stoppages on the coast, 1901"')
    redact(root, "person:oskar-lind")
    build(root)
    new, old = release.kept(root / "build")
    coast = Project.open(root).base.id("event", "coast-1901")
    assert coast in (new / "quads.nq").read_text()
    assert coast not in (old / "quads.nq").read_text()
    with pytest.raises(Gone, match="taken back on 1991-05-03: Asked for by the family"):
        kg.open(old).thing(coast)


def test_a_kept_release_on_another_base_is_rebuilt_too(root: Path) -> None:
    other = "https://archive.example/elsewhere/"
    made = building.build(Project.open(root, base=other), root / "build")[0]
    assert f"{other}id/person/oskar-lind" in (root / "build" / made.id / "quads.nq").read_text()
    redact(root, "person:oskar-lind")
    build(root)
    assert mentioned(root / "build", "skar Lind") == []
    assert mentioned(root / "build", "oskar-lind") == []
    kept = release.kept(root / "build")
    assert [manifest.read(path).base == other for path in kept] == [False, True]
    assert manifest.read(kept[0]).tombstones == manifest.read(kept[1]).tombstones


def test_what_only_came_by_a_redacted_agency_is_published_no_more(root: Path) -> None:
    build(root)
    change(root, '"Stoppages on the coast, 1901"', '"Stoppages along the coast, 1901"')
    base = Project.open(root).base
    location = (
        f"<{base.id('event', 'velmora-1901')}> <https://schema.org/location> <{base.id('place', 'velmora')}>"
    )
    assert "quads.nq" in {name.rpartition("/")[2] for name in mentioned(root / "build", location)}
    redact(root, "org:coastal-wire")
    build(root)
    assert len(release.kept(root / "build")) == 2
    for directory in release.kept(root / "build"):
        quads = (directory / "quads.nq").read_text()
        assert f"<{base.id('event', 'velmora-1901')}>" in quads
        assert location not in quads


def test_a_kept_release_of_no_profile_gets_no_published_layer(root: Path) -> None:
    building.build(Project.open(root).with_profiles([]), root / "build")
    redact(root, "person:oskar-lind")
    build(root)
    free = release.kept(root / "build")[1]
    assert manifest.read(free).profiles == ()
    assert mentioned(free, "oskar-lind") == []
    assert "quads.nq" not in mentioned(free, "graph/published")


def test_a_second_redaction_keeps_the_tombstones_of_the_first(root: Path) -> None:
    build(root)
    change(root, '"Stoppages on the coast, 1901"', '"Stoppages along the coast, 1901"')
    redact(root, "person:oskar-lind")
    first = set(build(root).tombstones)
    assert len(first) > 1
    redact(root, "person:oskar-lind, claim:route")
    second = build(root)
    assert first < set(second.tombstones)
    for directory in release.kept(root / "build"):
        assert manifest.read(directory).tombstones == second.tombstones


def test_a_kept_release_that_holds_nothing_of_it_is_not_touched(root: Path) -> None:
    person = "person:oskar-lind"
    redact(root, person)
    build(root)
    (root / "data" / "velmora" / "redactions.ttl").unlink()
    quads = manifest.current(root / "build") / "quads.nq"
    quads.write_text("no quads\n")
    redact(root, person)
    change(root, '"Stoppages on the coast, 1901"', '"Stoppages along the coast, 1901"')
    build(root)
    assert quads.read_text() == "no quads\n"


def test_a_tombstone_answers_for_what_is_gone_in_every_look_up(root: Path) -> None:
    redact(root, "person:oskar-lind, event:velmora-1901")
    build(root)
    archive = kg.open(root)
    for ask in (
        lambda: archive.thing("person:oskar-lind"),
        lambda: archive.thing("oskar-lind", "person"),
        lambda: archive.claims(event="velmora-1901"),
        lambda: archive.claim("identity"),
        lambda: archive.why("person:oskar-lind"),
    ):
        with pytest.raises(Gone) as caught:
            ask()
        assert (caught.value.reason, caught.value.date) == ("Asked for by the family.", "1991-05-03")
    with pytest.raises(NotFound) as other:
        archive.thing("person:oskar-linde")
    assert not isinstance(other.value, Gone)


def test_what_is_withheld_is_in_no_release_and_leaves_no_trace(root: Path) -> None:
    change(
        root,
        "person:oskar-lind a schema:Person ;",
        "person:oskar-lind a schema:Person ; kg:visibility kg:withheld ;",
    )
    made = build(root)
    assert mentioned(root / "build", "skar Lind") == []
    assert mentioned(root / "build", "oskar-lind") == []
    assert made.tombstones == ()
    with pytest.raises(NotFound) as caught:
        kg.open(root).thing("person:oskar-lind")
    assert not isinstance(caught.value, Gone)


def test_a_named_person_whom_a_source_blames_is_withheld_or_decided(root: Path) -> None:
    change(
        root,
        "rdf:predicate kg:attributedTo ; rdf:object org:company ;",
        "rdf:predicate kg:attributedTo ; rdf:object person:ada-holm ;",
    )
    (finding,) = [f for f in building.validate(Project.open(root)).report if f.rule == "blame-decided"]
    assert "kg:withheld" in finding.remedy
    change(
        root,
        "claim:responsibility a kg:Claim,",
        "claim:responsibility kg:visibility kg:withheld ; a kg:Claim,",
    )
    assert build(root).counts["claims"] > 0
    assert mentioned(root / "build", "claim/responsibility") == []


def test_a_name_that_stays_is_a_violation_at_its_line(root: Path) -> None:
    change(root, '"Stoppages on the coast, 1901"', '"Stoppages that Oskar Lind saw, 1901"')
    redact(root, "person:oskar-lind")
    with pytest.raises(InvalidGraph) as caught:
        build(root)
    (finding,) = [found for found in caught.value.report if found.severity == "violation"]
    line = velmora.statements(root).read_text().splitlines()[finding.line - 1]
    assert (finding.rule, finding.file) == ("redacted-name", "data/velmora/sources/gazette-1/all.ttl")
    assert "Oskar Lind saw" in line


def test_a_reason_that_names_is_a_violation_at_its_line(root: Path) -> None:
    redact(root, "person:oskar-lind", "Mr Lind asked for it.")
    (finding,) = [f for f in building.validate(Project.open(root)).report if f.severity == "violation"]
    assert (finding.rule, finding.file) == ("redacted-name", "data/velmora/redactions.ttl")
    lines = (root / finding.file).read_text().splitlines()
    assert "Mr Lind" in lines[finding.line - 1]


def test_a_question_that_names_it_is_a_violation(root: Path) -> None:
    (root / "queries").mkdir()
    (root / "queries" / "who.rq").write_text("#+ summary: who\n# person/oskar-lind\nSELECT ?x {}")
    redact(root, "person:oskar-lind")
    (finding,) = [f for f in building.validate(Project.open(root)).report if f.severity == "violation"]
    assert (finding.file, finding.rule) == ("queries/who.rq", "redacted-name")


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("kg:rationale", "kg:reason", "unknown-term"),
        ('kg:rationale "Asked for by the family."@en ;', "", "redaction"),
        ("kg:redacts person", "kg:redacts persn", "prefix"),
        ("kg:redacts person:oskar-lind ;", "", "redaction"),
    ],
)
def test_a_faulty_record_is_found_in_its_file_and_brings_nothing_back(
    root: Path, old: str, new: str, rule: str
) -> None:
    redact(root, "person:oskar-lind")
    file = root / "data" / "velmora" / "redactions.ttl"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))
    with pytest.raises(InvalidGraph) as caught:
        build(root)
    found = {f.rule: f for f in caught.value.report if f.severity == "violation"}
    assert found[rule].file == "data/velmora/redactions.ttl"
    assert found[rule].line > 0
    assert not (root / "build").exists()


def test_the_file_of_redactions_is_in_no_release_under_no_profile_either(root: Path) -> None:
    redact(root, "person:oskar-lind")
    made, _ = building.build(Project.open(root).with_profiles([]), root / "free")
    assert mentioned(root / "free", "oskar-lind") == []
    assert made.tombstones
    assert not [iri for iri in (graph.iri for graph in made.graphs) if iri.endswith("redactions")]


def test_a_release_of_the_form_before_is_still_read(root: Path) -> None:
    build(root)
    directory = manifest.current(root / "build")
    values = json.loads((directory / manifest.JSON_NAME).read_text())
    del values["tombstones"], values["languages"]
    values["format"] = 1
    (directory / manifest.JSON_NAME).write_text(json.dumps(values))
    read = manifest.read(directory)
    assert (read.tombstones, read.languages) == ((), ("en",))
    (directory / manifest.JSON_NAME).write_text(json.dumps(values | {"id": read.fingerprint()}))
    assert manifest.verify(directory).format == 1
    assert kg.open(directory).people()


def test_a_rebuild_that_cannot_be_written_leaves_the_old_release_whole(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(root)
    old = manifest.current(root / "build")
    bytes_before = (old / "quads.nq").read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    contents = release.reread(old)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(kg.StoreError, match="the disk is full"):
        release.replace(root / "build", old, contents)
    monkeypatch.undo()
    assert (old / "quads.nq").read_bytes() == bytes_before
    assert manifest.current(root / "build") == old
    assert manifest.verify(old)


def test_quads_that_cannot_be_read_are_a_store_error(root: Path) -> None:
    build(root)
    directory = manifest.current(root / "build")
    (directory / "quads.nq").write_text("<a> .\n")
    with pytest.raises(kg.StoreError, match="is damaged"):
        release.quads(directory)
    assert ox.__version__
