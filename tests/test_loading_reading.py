"""Reading one file: each kind of bad input gives one plain finding at its line, and never half of the data."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.formats import JSON_LD, N_QUADS, N_TRIPLES, RDF_FORMATS, RDF_XML, TRIG, TURTLE, Format
from kg.loading.reading import read
from kg.loading.screening import NESTING, place

A, B, C = "<http://x.example/a>", "<http://x.example/b>", "<http://x.example/c>"
RDF_NS = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


def xml(body: str, head: str = "") -> str:
    return f'{head}<rdf:RDF xmlns:rdf="{RDF_NS}" xmlns:x="http://x.example/">\n{body}\n</rdf:RDF>\n'


GOOD = f"{A} {B} {C} .\n"
GOOD_XML = xml('<rdf:Description rdf:about="http://x.example/a"><x:b>c</x:b></rdf:Description>')
GOOD_JSON = '[{"@id": "http://x.example/a", "http://x.example/b": "c"},\n {"@id": "http://x.example/b", "http://x.example/b": 1}]'

BAD: dict[str, tuple[Format, str | bytes, str, int, str, str]] = {
    "object missing": (TURTLE, f"{GOOD}{A} {B} .\n{GOOD}", "syntax", 2, "not valid Turtle: . stands in the place of the object", "correct the file here"),
    "dot missing": (TURTLE, f"{A} {B} {C}\n{GOOD}", "syntax", 2, "a dot is expected", "just before"),
    "breaks off": (TURTLE, f"{GOOD}{A} {B} {C}", "syntax", 2, "the file ends before", "just before"),
    "string not closed": (TURTLE, f'{GOOD}{A} {B} "x .\n{GOOD}', "syntax", 2, "the file ends before", "just before"),
    "long string not closed": (TURTLE, f'{GOOD}{A} {B} """x .\n\n\n{GOOD}', "syntax", 2, "the file ends before", ""),
    "garbage": (N_QUADS, f"{GOOD}hello\n{GOOD}", "syntax", 2, "not valid N-Quads", "correct"),
    "space in an IRI": (N_TRIPLES, f"{GOOD}<http://x.example/a b> {B} {C} .\n", "syntax", 2, "IRI", "correct"),
    "prefix": (TURTLE, f"{GOOD}\n{A} a\n   kg:Claim .\n", "prefix", 4, "the prefix kg: is not declared", "write @prefix kg: <https://w3id.org/attest/ns#> ."),
    "unknown prefix": (TRIG, f"\r\n\r{A} q:r {C} .\n", "prefix", 3, "the prefix q: is not declared", "write @prefix q: <"),
    "prefix in XML": (RDF_XML, xml('<rdf:Description rdf:about="http://x.example/a">\n<y:b>c</y:b></rdf:Description>'), "prefix", 3, "the prefix y:", 'xmlns:y="'),
    "relative": (TURTLE, f"{GOOD}{A} a <event/x> .\n", "relative-iri", 2, "the IRI <event/x> is relative", "the full IRI"),
    "relative subject": (N_TRIPLES, f"{GOOD}<a> {B} {C} .\n", "relative-iri", 2, "the IRI <a> is relative", "the full IRI"),
    "relative base": (TURTLE, f"@base <a/> .\n{GOOD}", "relative-iri", 1, "the IRI <a/> is relative", "the full IRI"),
    "relative in XML": (RDF_XML, xml('<rdf:Description\n rdf:about="a"><x:b>c</x:b></rdf:Description>'), "relative-iri", 3, "the IRI <a> is relative", ""),
    "relative in JSON": (JSON_LD, '{"http://x.example/b": [\n{"@id": "a/b"}]}', "relative-iri", 2, "the IRI <a/b> is relative", ""),
    "relative key in JSON": (JSON_LD, '{"@context": {"@vocab": ""},\n"@id": "http://x.example/a", "b": "c"}', "relative-iri", 2, "the IRI <b> is relative", ""),
    "Latin-1": (TURTLE, f'{GOOD}\n{A} {B} "Հ caf\u00e9" .\n'.encode().replace("é".encode(), b"\xe9"), "encoding", 3, "byte E9 here is not UTF-8", "save the file as UTF-8"),
    "Latin-1 in a comment": (N_TRIPLES, f"{GOOD}# caf\u00e9\n".encode("latin-1"), "encoding", 2, "byte E9", "UTF-8"),
    "UTF-16": (TURTLE, GOOD.encode("utf-16"), "encoding", 1, "the file is UTF-16", "UTF-8"),
    "another encoding declared": (RDF_XML, xml("", '<?xml version="1.0" encoding="ISO-8859-1"?>\n'), "encoding", 1, "names another encoding", "UTF-8"),
    "DOCTYPE": (RDF_XML, '<?xml version="1.0"?>\n<!DOCTYPE r [<!ENTITY x "http://x.example/">]>\n' + GOOD_XML, "doctype", 2, "has a DOCTYPE", "full IRIs"),
    "not well-formed": (RDF_XML, xml('<rdf:Description rdf:about="http://x.example/a">\n<x:b>c</x:c></rdf:Description>'), "syntax", 3, "closed by the tag of another", ""),
    "empty XML": (RDF_XML, "", "syntax", 1, "empty or breaks off", ""),
    "JSON comma": (JSON_LD, '{"@id": "http://x.example/a"\n"http://x.example/b": 1}', "syntax", 2, "not valid JSON-LD", ""),
    "no JSON": (JSON_LD, "hello", "syntax", 1, "not valid JSON-LD", ""),
    "remote context": (JSON_LD, '{\n"@context": "http://127.0.0.1:9/c", "b": "c"}', "remote-context", 2, "nothing is ever fetched", "put the context itself"),
    "remote context in a list": (JSON_LD, '{\n"@context": [{"b": "http://x.example/b"}, "c.jsonld"],\n "b": "c"}', "remote-context", 2, "nothing is ever fetched", ""),
    "remote import": (JSON_LD, '{"@context": {\n"@import": "http://127.0.0.1:9/c"}}', "remote-context", 2, "nothing is ever fetched", ""),
    "triple term": (TURTLE, f"{GOOD}{A} {B} <<( {A} {B} {C} )>> .\n", "rdf-1.2", 2, "RDF 1.2", "as a claim does"),
    "reifier": (TURTLE, f"{GOOD}{A} {B} {C} ~ {A} .\n", "rdf-1.2", 2, "'~'", ""),
    "annotation": (TRIG, f"{GOOD}{A} {B} {C} {{| {B} {C} |}} .\n", "rdf-1.2", 2, "'{|'", ""),
    "direction": (N_TRIPLES, f'{GOOD}{A} {B} "x"@he--rtl .\n', "rdf-1.2", 2, "@he--rtl", ""),
    "deep XML": (RDF_XML, xml("<rdf:Description><x:b>\n" * NESTING + "</x:b></rdf:Description>" * NESTING), "nesting", 101, "nested more than 200", "one beside the other"),
    "deep JSON": (JSON_LD, '{"http://x.example/b":\n' * 300 + "1" + "}" * 300, "nesting", 201, "nested more than 200", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_input(name: str) -> None:
    format, text, rule, line, sentence, remedy = BAD[name]
    document = read(text if isinstance(text, bytes) else text.encode(), format, name="data/a.ttl")
    assert not document.readable
    assert document.quads == []
    (finding,) = document.findings
    assert (finding.severity, finding.rule) == ("violation", rule)
    assert sentence in finding.message
    assert remedy in finding.remedy
    assert finding.remedy
    assert (finding.file, finding.line) == ("data/a.ttl", line)
    assert str(finding).startswith(f"{finding.place}: violation: ")
    assert finding.column or format in (RDF_XML, JSON_LD)


def test_the_column_counts_characters() -> None:
    document = read(f'{GOOD}{A} {B} "Հայ" , q:r .\n'.encode(), TURTLE)
    assert document.findings[0].column == len(f'{A} {B} "Հայ" , ') + 1
    document = read(f'{GOOD}{A} {B} "Հայ'.encode() + b'\xe9" .\n', TURTLE)
    assert document.findings[0].column == len(f'{A} {B} "Հայ') + 1


class TestGoodInput:
    @pytest.mark.parametrize(
        ("format", "text", "count"),
        [(TURTLE, GOOD, 1), (TRIG, GOOD, 1), (N_TRIPLES, GOOD, 1), (N_QUADS, GOOD, 1), (RDF_XML, GOOD_XML, 1), (JSON_LD, GOOD_JSON, 2)],
    )  # fmt: skip
    def test_every_format(self, format: Format, text: str, count: int) -> None:
        document = read(text.encode(), format)
        assert (len(document.quads), document.findings, document.readable) == (count, [], True)

    def test_marks_of_rdf_1_2_inside_strings_iris_and_comments(self) -> None:
        text = (
            f'@prefix x: <http://x.example/~a/> . # a ~ and a << and a "\n'
            f'{A} x:b\\~c \'<<(\' , "{{| \\" ~" , """~ "" << """ , \'\'\'\' << \'\'\'@en-gb , <http://x.example/~b> .\n'
        )
        document = read(text.encode(), TURTLE)
        assert document.findings == []
        assert [quad.object.value for quad in document.quads] == ["<<(", '{| " ~', '~ "" << ', "' << ", "http://x.example/~b"]  # fmt: skip

    def test_a_base_in_the_file_resolves(self) -> None:
        document = read(b"@base <http://x.example/> .\n<a> <b> <c> .\n", TURTLE)
        assert [str(quad.triple) for quad in document.quads] == [f"{A} {B} {C}"]

    def test_lexical_forms_stay(self) -> None:
        document = read(f"{A} {B} 01 , 1.50 , +5 .\n".encode(), TURTLE)
        assert [quad.object.value for quad in document.quads] == ["01", "1.50", "+5"]

    def test_an_empty_file_is_a_warning(self) -> None:
        document = read(b"# nothing yet\n", TURTLE, name="a.ttl")
        assert [(finding.severity, finding.rule) for finding in document.findings] == [
            ("warning", "empty-file")
        ]
        assert document.readable

    @pytest.mark.parametrize(("strict", "severity"), [(True, "violation"), (False, "warning")])
    @pytest.mark.parametrize("format", [TURTLE, N_QUADS, RDF_XML, JSON_LD])
    def test_a_byte_order_mark(self, format: Format, strict: bool, severity: str) -> None:
        text = {RDF_XML: GOOD_XML, JSON_LD: GOOD_JSON}.get(format, GOOD)
        document = read(b"\xef\xbb\xbf" + text.encode(), format, strict=strict)
        (finding,) = document.findings
        assert (finding.rule, finding.severity, finding.line) == ("byte-order-mark", severity, 1)
        assert "without" in finding.remedy
        assert document.quads == read(text.encode(), format).quads


XML_1_2 = f'<rdf:RDF xmlns:rdf="{RDF_NS}" xmlns:x="http://x.example/" xmlns:its="http://www.w3.org/2005/11/its" rdf:version="1.2" its:version="2.0">'


@pytest.mark.parametrize(
    ("format", "text", "what"),
    [
        (JSON_LD, '{"http://x.example/b": {"@value": "x", "@language": "he", "@direction": "rtl"}}', "direction"),
        (JSON_LD, '{"@context": {"@direction": "rtl", "@language": "he"}, "http://x.example/b": "x"}', "direction"),
        (RDF_XML, f'{XML_1_2}<rdf:Description><x:b xml:lang="he" its:dir="rtl">c</x:b></rdf:Description></rdf:RDF>', "direction"),
        (RDF_XML, f'{XML_1_2}<rdf:Description><x:b rdf:annotation="http://x.example/r">c</x:b></rdf:Description></rdf:RDF>', "a triple as a term"),
    ],
)  # fmt: skip
def test_what_belongs_to_rdf_1_2_is_refused_where_bytes_tell_less(
    format: Format, text: str, what: str
) -> None:
    document = read(text.encode(), format, name="data/a")
    (finding,) = document.findings
    assert (finding.rule, finding.severity, finding.file) == ("rdf-1.2", "violation", "data/a")
    assert what in finding.message
    assert finding.remedy
    assert (document.readable, document.quads) == (False, [])


class TestHostileInput:
    @pytest.fixture
    def listener(self) -> Iterator[tuple[int, list[bytes]]]:
        hits: list[bytes] = []
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.settimeout(0.2)
            stop = threading.Event()

            def serve() -> None:
                while not stop.is_set():
                    try:
                        connection, _ = server.accept()
                    except TimeoutError:
                        continue
                    with connection:
                        hits.append(connection.recv(100))

            thread = threading.Thread(target=serve)
            thread.start()
            try:
                yield server.getsockname()[1], hits
            finally:
                stop.set()
                thread.join()

    def test_nothing_is_fetched(self, listener: tuple[int, list[bytes]]) -> None:
        port, hits = listener
        remote = f"http://127.0.0.1:{port}/c.jsonld"
        for text in (
            f'{{"@context": "{remote}", "b": "c"}}',
            f'{{"@context": [{{}}, "{remote}"], "b": "c"}}',
            f'{{"@context": {{"@import": "{remote}"}}, "b": "c"}}',
            f'{{"@context": {{"b": {{"@id": "http://x.example/b", "@context": "{remote}"}}}}, "b": {{"d": "c"}}}}',
        ):
            assert not read(text.encode(), JSON_LD).readable
        entity = f'<!DOCTYPE r [<!ENTITY e SYSTEM "{remote}">]>'
        assert not read(xml("&e;", entity).encode(), RDF_XML).readable
        assert hits == []

    @pytest.mark.parametrize(
        ("format", "text"),
        [
            ("TURTLE", '"<http://a> <http://b> " + "[<http://b> " * n + "1" + "]" * n + " ."'),
            ("TURTLE", '"<http://a> <http://b> " + "(" * n + "1" + ")" * n + " ."'),
            ("TRIG", '"<http://g> { <http://a> <http://b> " + "([<http://b> " * n'),
            ("TURTLE", '"<http://a> <http://b> " + "<<( <http://a> <http://b> " * n + "1" + " )>>" * n + " ."'),
            ("N_QUADS", '"<http://a> <http://b> " + "<<( <http://a> <http://b> " * n'),
            ("JSON_LD", '"{\\"http://b\\":" * n + "1" + "}" * n'),
            ("JSON_LD", '"{\\"http://b\\":{\\"@list\\":[" * n + "1" + "]}}" * n'),
            ("RDF_XML", f'"<rdf:RDF xmlns:rdf=\\"{RDF_NS}\\">" + "<rdf:Description><rdf:value>" * n'),
        ],
    )  # fmt: skip
    def test_nesting_of_any_depth_is_survived(self, format: str, text: str) -> None:
        program = (
            "from kg import formats; from kg.loading.reading import read\n"
            f"for n in (6_000, 100_000):\n    document = read(({text}).encode(), formats.{format})\n"
            "    print(len(document.quads), [f.rule for f in document.findings])"
        )
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert len(done.stdout.splitlines()) == 2

    @pytest.mark.parametrize(
        "piece",
        ['"\\', '"', "'", '"""', "'''", '"a\n', "<", "<http:", "\\", '\\"', "@a", '"x"@a', '"""\\"', '"" "'],
    )
    def test_repetition_takes_no_time_by_the_square(self, piece: str) -> None:
        """Each is a pattern that a careless expression would need minutes for."""
        for format in (TURTLE, N_QUADS, JSON_LD):
            assert not read((piece * 100_000 + " ~ << ").encode(), format).readable


class TestAnyInput:
    @given(st.binary(max_size=200), st.sampled_from(RDF_FORMATS))
    def test_bytes(self, data: bytes, format: Format) -> None:
        document = read(data, format, name="a")
        assert document.readable or (document.quads == [] and document.findings)

    @given(
        st.lists(
            st.sampled_from([A, B, "_:b", '"x"', '"""', "'", "<<", "(", "[", "]", ")", "{", "}", ".", ";", ",", "@en", "@prefix", "x:", "~", "\\", "#", "\n", "1", "true", "é", "\x00"]),
            max_size=20,
        ),
        st.sampled_from([TURTLE, TRIG, N_TRIPLES, N_QUADS]),
    )  # fmt: skip
    def test_tokens(self, tokens: list[str], format: Format) -> None:
        text = " ".join(tokens).encode()
        document = read(text, format, name="a")
        if document.readable:
            assert document.quads == list(ox.parse(input=text, format=format.rdf)) or b"_:" in text or b"[" in text or b"(" in text  # fmt: skip
            assert not any(isinstance(quad.object, ox.Triple) for quad in document.quads)
        else:
            assert document.findings[0].line >= 1
            assert document.findings[0].message

    @given(st.integers(0, len(GOOD_XML.rstrip()) - 1))
    def test_xml_that_breaks_off(self, length: int) -> None:
        assert not read(GOOD_XML[:length].encode(), RDF_XML).readable

    @given(st.integers(0, len(GOOD_JSON) - 1))
    def test_json_that_breaks_off(self, length: int) -> None:
        assert not read(GOOD_JSON[:length].encode(), JSON_LD).readable

    @given(
        st.lists(st.sampled_from(["é", "\n", "\r", "\r\n", "a", "Հ", "\U0001f600"]), max_size=12), st.data()
    )
    def test_places(self, pieces: list[str], data: st.DataObject) -> None:
        index = data.draw(st.integers(0, len(pieces)))
        before = "".join(pieces[:index])
        text = before + "X" + "".join(pieces[index:])
        lines = before.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        assert place(text.encode(), len(before.encode())) == (len(lines), len(lines[-1]) + 1)
