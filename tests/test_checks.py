"""The named checks, each in both directions; their files in ``tests/shapes`` are run with those of the shapes."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rdf_data
from kg import checks, evidence, loading, passages
from kg.checks import LONGEST_QUOTATION, Subject
from kg.names import Base
from kg.project import Project
from kg.validation import Finding
from shapes import fixtures

BASE = Base()
SOURCE = BASE.id("source", "gazette-1")
TEXT = """\
The ferry to Starholm
On the last day of the week the ferry to Starholm left the quays an hour late, without its captain.
Nobody at the office could say who had sailed it; the log of that crossing has a page torn out.
Édith’s account – written much later – names a boy of the town.
"""
WORDS = re.findall(r"\w+", TEXT)
HEAD = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in BASE.prefixes().items())


def quads(turtle: str) -> list[ox.Quad]:
    graph = ox.NamedNode(BASE.graph("entities"))
    return [ox.Quad(*quad.triple, graph) for quad in ox.parse(HEAD + turtle, ox.RdfFormat.TURTLE)]


def found(turtle: str, *, languages: tuple[str, ...] = (), text: str = "") -> list[Finding]:
    return checks.run(Subject(quads(turtle), BASE, languages, {SOURCE: text.encode()} if text else {}))


def rules(turtle: str, *, languages: tuple[str, ...] = (), text: str = "") -> list[str]:
    return [finding.rule for finding in found(turtle, languages=languages, text=text)]


class TestAll:
    def test_each_check_finds_its_own_rules_and_each_rule_is_found(self) -> None:
        seen = set()
        for case in fixtures.cases():
            data = fixtures.replaced(case.quads)
            subject = Subject(data + fixtures.terms(data), BASE, fixtures.LANGUAGES, fixtures.TEXTS)
            for check, names in checks.CHECKS.items():
                own = {finding.rule for finding in check(subject)}
                assert own <= set(names)
                seen |= own
        assert seen == {name for names in checks.CHECKS.values() for name in names}

    @given(rdf_data.datasets())
    def test_no_data_make_them_fail(self, data: list[ox.Quad]) -> None:
        for finding in checks.run(Subject(data, BASE, ("en",), {SOURCE: TEXT.encode()})):
            assert finding.severity == {"alike": "info", "unlabelled": "warning"}.get(
                finding.rule, "violation"
            )
            assert finding.remedy

    def test_the_collection_has_no_finding(self) -> None:
        loaded, project = collection()
        found = checks.run(Subject(loaded, project.base, project.languages))
        assert [finding for finding in found if finding.rule != "alike"] == []  # of these: test_likeness.py

    def test_the_collection_keeps_the_rules_of_evidence_and_quotation_in_its_text(self, seed: Path) -> None:
        loaded, project = collection()
        texts = {project.base.id("source", "asbarez-91953"): seed.read_bytes()}
        versions, anchored = passages.read(loaded)
        assert [version.digest for version in versions] == [evidence.Copy.read(seed.read_bytes()).digest]
        assert len(anchored) > 20
        found = checks.run(Subject(loaded, project.base, project.languages, texts))
        assert [finding for finding in found if finding.rule != "alike"] == []


def collection() -> tuple[list[ox.Quad], Project]:
    project = Project.open(fixtures.ROOT)
    return loading.load(project).quads, project


class TestDates:
    @staticmethod
    def claim(edtf: str, **bounds: str) -> str:
        days = "".join(f'; kg:{name} "{day}"^^xsd:date' for name, day in bounds.items())
        return f'claim:c kg:edtf "{edtf}"^^edtf:EDTF {days} .'

    @pytest.mark.parametrize(
        ("edtf", "bounds"),
        [
            ("1901-03", {"earliestStart": "1901-03-01", "latestEnd": "1901-03-31"}),
            ("1901-03-04", {"earliestStart": "1901-03-04", "latestEnd": "1901-03-04"}),
            ("1901-03-04/..", {"earliestStart": "1901-03-04", "latestStart": "1901-03-04"}),
            ("../1901-03-09", {"earliestEnd": "1901-03-09", "latestEnd": "1901-03-09"}),
            ("1901/1903-02", {"earliestStart": "1901-01-01", "latestEnd": "1903-02-28"}),
            ("XXXX-03-04", {}),
            ("1901-03-04~", {}),
        ],
    )
    def test_bounds_that_follow_are_right_and_any_other_is_not(
        self, edtf: str, bounds: dict[str, str]
    ) -> None:
        assert rules(self.claim(edtf, **bounds)) == []
        outer = [name for name in bounds if name in ("earliestStart", "latestEnd")]
        for name in outer:
            rest = {other: day for other, day in bounds.items() if other != name}
            assert rules(self.claim(edtf, **rest)) == ["edtf-bounds"]
        for name in ("earliestStart", "latestStart", "earliestEnd", "latestEnd"):
            assert rules(self.claim(edtf, **bounds | {name: "1950-01-01"})) == ["edtf-bounds"]

    def test_the_remedy_says_what_to_write_or_remove(self) -> None:
        (absent,) = found(self.claim("1901-03", earliestStart="1901-03-01"))
        assert absent.message == "claim:c: kg:latestEnd is absent, but 1901-03 says 1901-03-31"
        assert absent.remedy == 'write kg:latestEnd "1901-03-31"^^xsd:date'
        (invented,) = found(self.claim("1901~", latestEnd="1901-12-31"))
        assert invented.remedy == "remove kg:latestEnd"

    def test_dates_of_other_resources_do_not_mix(self) -> None:
        day = 'kg:earliestStart "1901-03-04"^^xsd:date ; kg:latestEnd "1901-03-04"^^xsd:date'
        assert rules(f'claim:c kg:edtf "1901"^^edtf:EDTF . claim:d {day} .') == ["edtf-bounds"] * 2

    @pytest.mark.parametrize("edtf", ["1901-13", "4 March 1901", "", "1901-03-09/1901-03-04", "1901-3-4"])
    def test_what_is_no_edtf_is_found_under_any_property(self, edtf: str) -> None:
        assert rules(f'work:w schema:datePublished "{edtf}"^^edtf:EDTF .') == ["edtf"]
        assert rules(f'work:w schema:datePublished "{edtf}" .') == []


class TestIsbns:
    @pytest.mark.parametrize("number", ["9780306406157", "978-0-306-40615-7", "0306406152", "080442957X"])
    def test_right_check_digits(self, number: str) -> None:
        assert rules(f'work:w schema:isbn "{number}" .') == []
        assert rules(f'claim:c rdf:predicate schema:isbn ; rdf:object "{number}" .') == []

    @pytest.mark.parametrize(
        "number", ["9780306406158", "0306406153", "0804429570", "978030640615", "", "ISBN"]
    )
    def test_wrong_ones(self, number: str) -> None:
        assert rules(f'work:w schema:isbn "{number}" .') == ["isbn"]
        assert rules(f'claim:c rdf:predicate schema:isbn ; rdf:object "{number}" .') == ["isbn"]

    def test_other_numbers_are_none_of_its_business(self) -> None:
        assert rules('claim:c rdf:predicate schema:numberOfPages ; rdf:object "0306406153" .') == []


class TestLanguages:
    @pytest.mark.parametrize("tag", ["en", "en-gb", "zh-hant", "zh-hant-tw"])
    def test_declared_tags_and_more_specific_ones(self, tag: str) -> None:
        assert rules(f'event:e rdfs:label "x"@{tag} .', languages=("en", "zh-hant")) == []

    @pytest.mark.parametrize("tag", ["fr", "enm", "zh", "zh-hans"])
    def test_others(self, tag: str) -> None:
        (finding,) = found(f'event:e rdfs:label "x"@{tag} .', languages=("en", "zh-hant"))
        assert finding.message == f"event:e: the language '{tag}' is not declared"
        assert finding.remedy == "use one of en, zh-hant, or add it to languages in kg.toml"

    def test_nothing_declared_nothing_found(self) -> None:
        assert rules('event:e rdfs:label "x"@fr .') == []


class TestLoadedWords:
    LIST = 'concept:words kg:loadedForm "mob", "freedom fighter", "so-called", "погром" . '

    @pytest.mark.parametrize(
        "text", ["A mob", "the MOB.", "freedom  fighter", "freedom-fighter", "so called", "ПОГРОМ"]
    )
    @pytest.mark.parametrize("name", ["rdfs:label", "rdfs:comment", "skos:definition", "kg:rationale"])
    def test_they_are_found_in_our_words(self, name: str, text: str) -> None:
        assert rules(f'{self.LIST} event:e {name} "{text}"@en .') == ["loaded-word"]

    def test_the_longest_form_is_shown(self) -> None:
        (finding,) = found(
            'concept:words kg:loadedForm "mob", "mob rule" . event:e rdfs:label "a day of mob rule" .'
        )
        assert finding.message == "event:e: our own words say 'mob rule'"

    @pytest.mark.parametrize(
        "text", ["mobile", "a flashmob", "a bomb", "freedom of a fighter", "so, called by name"]
    )
    def test_other_words_are_not(self, text: str) -> None:
        assert rules(f'{self.LIST} event:e rdfs:label "{text}"@en .') == []

    def test_names_of_sources_may_use_them(self) -> None:
        name = 'name:n skosxl:literalForm "the Mob"@en ; skos:prefLabel "the Mob"@en ; kg:proposedReading "the Mob" .'
        assert rules(self.LIST + name) == []

    @pytest.mark.parametrize("slug", ["event:mob", "claim:the-mob-at-the-quays", "name:freedom-fighter-en"])
    def test_a_slug_is_found_once(self, slug: str) -> None:
        assert rules(f"{self.LIST} {slug} a schema:Event ; schema:position 1 .") == ["loaded-word"]

    def test_other_slugs_are_not(self) -> None:
        assert (
            rules(f"{self.LIST} event:mobile-post a schema:Event . <http://x.example/mob> a schema:Event .")
            == []
        )

    def test_no_list_nothing_found(self) -> None:
        assert rules('event:mob rdfs:label "mob"@en .') == []


class TestPositions:
    @staticmethod
    def record(words: str, *, text: str = TEXT, digest: str = "", source: str = "source:gazette-1") -> str:
        copy = evidence.Copy.read(text.encode())
        anchor = evidence.anchor(copy, words)
        return f"""
            text:t a kg:TextVersion ; kg:versionOf {source} ; kg:length {len(copy.text)} ;
                kg:textDigest "{copy.digest}" ; kg:capturedDigest "{copy.captured_digest}" .
            passage:p a oa:SpecificResource ; oa:hasSource text:t ; oa:hasSelector selector:p ;
                kg:digest "{digest or anchor.digest}" .
            selector:p a oa:TextPositionSelector ; oa:start {anchor.start} ; oa:end {anchor.end} ."""

    SENTENCE = "Nobody at the office could say who had sailed it"

    def test_a_true_passage(self) -> None:
        assert rules(self.record(self.SENTENCE), text=TEXT) == []

    def test_a_false_one_and_no_word_of_the_text_is_shown(self) -> None:
        (finding,) = found(self.record(self.SENTENCE, digest="0" * 64), text=TEXT)
        assert (finding.rule, finding.focus) == ("passage-position", f"<{BASE.id('passage', 'p')}>")
        assert finding.message.startswith("passage:p has another digest")
        assert "Nobody" not in finding.message

    def test_each_false_passage_is_found(self) -> None:
        second = self.record("the log of that crossing has a page torn out", digest="0" * 64)
        second = re.sub(r"(passage|selector):p\b", r"\1:q", second)
        record = self.record(self.SENTENCE, digest="0" * 64)
        places = [finding.focus for finding in found(record + second, text=TEXT)]
        assert places == [f"<{BASE.id('passage', slug)}>" for slug in "pq"]

    def test_a_name_on_another_base_is_shown_short_too(self) -> None:
        base = Base("https://archive.example/h/")
        data = [
            ox.Quad(
                *(
                    ox.NamedNode(base.rebase(t.value)) if isinstance(t, ox.NamedNode) else t
                    for t in quad.triple
                )
            )
            for quad in quads(self.record(self.SENTENCE, digest="0" * 64))
        ]
        (finding,) = checks.run(Subject(data, base, (), {base.id("source", "gazette-1"): TEXT.encode()}))
        assert finding.message.startswith("passage:p has another digest")

    def test_a_text_that_stands_twice(self) -> None:
        twice = f"{TEXT}\n{self.SENTENCE}."
        copy = evidence.Copy.read(twice.encode())
        record = self.record(self.SENTENCE)
        for key, value in (("Digest", copy.digest), ("length", len(copy.text))):
            pattern = r'(kg:textDigest ")\w+' if key == "Digest" else r"(kg:length )\d+"
            record = re.sub(pattern, rf"\g<1>{value}", record)
        (finding,) = found(record, text=twice)
        assert "2 times" in finding.message

    def test_another_version_of_the_text_says_nothing(self) -> None:
        assert rules(self.record(self.SENTENCE, digest="0" * 64), text=f"{TEXT} Corrected.") == []

    def test_a_passage_of_another_version_is_not_looked_for_in_this_one(self) -> None:
        earlier = self.record(self.SENTENCE, text=f"First edition.\n{TEXT}")
        earlier = re.sub(r"(text|passage|selector):(\w)\b", r"\1:earlier-\2", earlier)
        assert rules(self.record(self.SENTENCE) + earlier, text=TEXT) == []
        assert rules(self.record(self.SENTENCE) + earlier.replace("earlier-t ;", "t ;"), text=TEXT) == [
            "passage-position"
        ]

    def test_the_text_of_another_document_says_nothing(self) -> None:
        assert rules(self.record(self.SENTENCE, digest="0" * 64, source="source:other"), text=TEXT) == []

    @pytest.mark.parametrize(
        ("old", "new"),
        [('kg:digest "', 'kg:digest "x", "'), ("oa:start", "oa:first"), ("oa:hasSource text:t ;", "")],
    )
    def test_records_that_cannot_be_read_are_a_finding(self, old: str, new: str) -> None:
        record = self.record(self.SENTENCE).replace(old, new)
        assert rules(record, text=TEXT) == ["passage-position"]
        assert rules(record) == []


class TestQuotations:
    @staticmethod
    def comment(text: str, name: str = "rdfs:comment") -> str:
        return f"event:e {name} {ox.Literal(text, language='en')} ."

    def test_eight_words_are_the_limit(self) -> None:
        assert LONGEST_QUOTATION == 8

    @given(st.integers(0, len(WORDS) - LONGEST_QUOTATION - 1), st.sampled_from([" ", ", ", " – ", "\n", "­ "]))
    def test_more_than_eight_consecutive_words_are_found_wherever_they_stand(
        self, start: int, space: str
    ) -> None:
        run = WORDS[start : start + LONGEST_QUOTATION + 1]
        assert rules(self.comment(f"It says {space.join(run).upper()}."), text=TEXT) == ["quotation"]
        assert rules(self.comment(f"It says {space.join(run[:-1])} and more."), text=TEXT) == []
        assert rules(self.comment(" so ".join(run)), text=TEXT) == []

    def test_other_ways_of_writing_the_same_are_found(self) -> None:
        sentence = TEXT.splitlines()[-1]
        assert rules(self.comment(unicodedata.normalize("NFD", sentence)), text=TEXT) == ["quotation"]
        assert rules(
            self.comment(sentence.replace("’", "'").replace("account", "ac\N{SOFT HYPHEN}count")), text=TEXT
        ) == ["quotation"]
        nine = " ".join(WORDS[4:13])
        assert rules(self.comment(nine[:20] + "\N{SOFT HYPHEN}" + nine[20:]), text=TEXT) == ["quotation"]
        page = f"<!doctype html><html><body><p>{sentence.replace(' ', '&nbsp;')}</p></body></html>"
        assert rules(self.comment(sentence), text=page) == ["quotation"]

    @pytest.mark.parametrize(
        "name", ["rdfs:label", "kg:rationale", "kg:proposedReading", "kg:locator", "skos:scopeNote"]
    )
    def test_no_literal_may(self, name: str) -> None:
        assert rules(self.comment(TEXT.splitlines()[1], name), text=TEXT) == ["quotation"]

    @pytest.mark.parametrize(
        "name",
        [
            "skosxl:literalForm",
            "skos:prefLabel",
            "skos:altLabel",
            "skos:hiddenLabel",
            "dcterms:title",
            "schema:name",
            "schema:creditText",
        ],
    )
    def test_names_and_titles_may(self, name: str) -> None:
        assert rules(self.comment(TEXT.splitlines()[1], name), text=TEXT) == []

    def test_no_text_nothing_found(self) -> None:
        assert rules(self.comment(TEXT)) == []
        assert rules(self.comment(TEXT), text="Too short.") == []
