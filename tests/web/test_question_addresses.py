"""``/queries``: every question answers over HTTP as it does in the library, and its parameters are checked values."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import httpx
import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from test_documents import Page, harmless

import kg
import running
import velmora
from kg import building, sparql
from kg.project import Project
from kg.queries import Query
from kg.store import EmbeddedStore

NAMES = sorted(path.stem for path in (Path(__file__).parents[2] / "queries").glob("*.rq"))

CARE = """#+ summary: Deaths that are claimed
#+ note: Undated claims are left out.
#+ asked-by: descendant
#+ params:
#+   person: {type: person, default: null}
#+   text: {type: string, default: null}
#+   count: {type: integer, default: 3}
#+   year: {type: year, default: 1900}
#+   tongue: {type: language, default: en}
#+   sure: {type: boolean, default: true}
#+   about: {type: iri, default: null}
PREFIX kg: <https://w3id.org/attest/ns#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
SELECT DISTINCT ?claim ?subject ?text ?number WHERE {
  ?claim a kg:Claim ; rdf:subject ?subject .
  BIND (?_person AS ?person) BIND (?_text AS ?text) BIND (?_about AS ?about)
  BIND (?_count + ?_year AS ?number)
  FILTER (?_sure && ?_tongue != "x" && (!BOUND(?person) || ?subject = ?person) && (!BOUND(?about) || ?subject = ?about))
}
ORDER BY ?claim
"""
NEEDS = "#+ summary: One thing\n#+ params:\n#+   query: {type: place}\nSELECT ?p WHERE { ?_query ?p ?o }\n"


@pytest.fixture(scope="module")
def velm(tmp_path_factory: pytest.TempPathFactory) -> kg.Archive:
    """The invented collection, of which one claim is veiled, with two questions."""
    root = velmora.project(tmp_path_factory.mktemp("questions"))
    (root / "queries").mkdir()
    (root / "queries" / "deaths.rq").write_text(CARE)
    (root / "queries" / "one-thing.rq").write_text(NEEDS)
    building.build(Project.open(root), root / "build")
    return kg.open(root)


@pytest.fixture(scope="module")
def care(velm: kg.Archive) -> Iterator[httpx.Client]:
    with running.serving(velm) as url, httpx.Client(base_url=url, timeout=30) as client:
        yield client


@pytest.mark.parametrize("name", NAMES)
def test_every_question_answers_as_the_library_does(
    client: httpx.Client, archive: kg.Archive, name: str
) -> None:
    rows = archive.query(name)
    assert client.get(f"/queries/{name}").json() == rows.to_json()
    assert client.get(f"/queries/{name}.csv").content == rows.to_csv().encode()
    results = client.get(f"/queries/{name}.srj").json()
    assert results["head"]["vars"] == [*rows.columns, "veiled"]
    assert [row["veiled"]["value"] == "true" for row in results["results"]["bindings"]] == [row.veiled for row in rows]  # fmt: skip
    page = Page(client.get(f"/queries/{name}.html").text)
    assert f"Rows {len(rows)}" in " ".join(page.text.split())
    assert archive.catalog[name].summary in page.text
    assert archive.catalog[name].note in page.text
    answer = client.get(f"/queries/{name}.rq")
    assert answer.headers["content-type"] == "application/sparql-query"
    assert [t.text for t in sparql.check(answer.text)] == [
        t.text for t in sparql.check(archive.catalog[name].text)
    ]
    described = ox.parse(client.get(f"/queries/{name}.ttl").text, format=ox.RdfFormat.TURTLE)
    assert f"{archive.base.iri}queries/{name}" in {quad.subject.value for quad in described}


def test_parameters_are_words_as_in_the_library(client: httpx.Client, archive: kg.Archive) -> None:
    expected = archive.query(
        "claims-by-measure", event="azerbaijan-1990-01", measure="deaths", as_of="1990-01-15"
    )
    for event in ("azerbaijan-1990-01", "event:azerbaijan-1990-01", "Violence in Azerbaijan, January 1990", archive.base.id("event", "azerbaijan-1990-01")):  # fmt: skip
        params = {"event": event, "measure": "kg:deaths", "as_of": "1990-01-15"}
        assert client.get("/queries/claims-by-measure", params=params).json() == expected.to_json()
    assert len(expected) > 0


def test_what_a_form_leaves_empty_is_left_out(client: httpx.Client) -> None:
    empty = {"event": "", "measure": " ", "as_of": ""}
    assert client.get("/queries/claims-by-measure", params=empty).json() == client.get("/queries/claims-by-measure").json()  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ("day?dya=1990-01-15", 400, "no parameter 'dya'; did you mean 'day'?"),
        ("day?format=csv", 400, "no parameter 'format'"),
        ("day?day=15.1.1990", 400, "day: '15.1.1990' is no day"),
        ("day?day=1990-01-15&day=1990-01-16", 400, "'day' stands twice"),
        ("day?day=%ff", 400, "not UTF-8"),
        ("day?" + "&".join(f"p{n}=1" for n in range(101)), 400, "more than 100 parameters"),
        ("sources?query=x", 400, "it takes no parameters"),
        ("sources?self=x", 400, "sources has no parameter 'self'"),
        ("claims-by-measure?event=baku-1991-01", 404, "event:baku-1990-01"),
        ("claims-by-measure?measure=death", 404, "deaths"),
        ("claims-by-measure?event=place:baku", 400, "a place, not an event"),
        ("claim-by-measure", 404, "/queries/claims-by-measure"),
        ("day.xls", 404, ".csv"),
    ],
)
def test_what_is_wrong_is_named(client: httpx.Client, asked: str, status: int, said: str) -> None:
    for accept in ("*/*", running.BROWSER):
        answer = client.get(f"/queries/{asked}", headers={"Accept": accept})
        assert answer.status_code == status
        assert said in (answer.text if accept == "*/*" else Page(answer.text).text)
        assert answer.headers["vary"] == "Accept, Accept-Encoding"
        assert "Traceback" not in answer.text


def test_the_page_of_an_error_keeps_what_was_written(client: httpx.Client) -> None:
    answer = client.get("/queries/day?day=15.1.1990", headers={"Accept": running.BROWSER})
    page = Page(answer.text)
    assert ("input", "15.1.1990") in [(tag, attrs.get("value")) for tag, attrs in page.tags]
    near = client.get("/queries/claims-by-measure?event=baku-1990-1", headers={"Accept": running.BROWSER})
    assert "/event/baku-1990-01" in Page(near.text).hrefs()


def test_the_form_asks_what_its_fields_say(client: httpx.Client) -> None:
    page = Page(
        client.get("/queries/claims-by-measure?as_of=1990-01-16", headers={"Accept": running.BROWSER}).text
    )
    fields = {
        attrs["name"]: attrs["value"] or ""
        for tag, attrs in page.tags
        if tag == "input" and attrs["name"] != "q"
    }
    names = [attrs["name"] for tag, attrs in page.tags if tag == "select"]
    chosen = [attrs["value"] or "" for tag, attrs in page.tags if tag == "option" and "selected" in attrs]
    fields |= dict(zip(names, chosen, strict=True))
    assert fields == {"event": "baku-1990-01", "measure": "deaths", "as_of": "1990-01-16"}
    (form,) = [attrs for tag, attrs in page.tags if tag == "form" and attrs.get("role") != "search"]
    sent = client.get(f"{form['action']}?{urlencode(fields)}", headers={"Accept": running.BROWSER})
    assert "Rows 9" in " ".join(Page(sent.text).text.split())
    assert "/queries/claims-by-measure.csv?as_of=1990-01-16" in page.hrefs()


def test_negotiation_and_links(client: httpx.Client) -> None:
    for accept, content_type in (
        ("application/json", "application/json"),
        ("application/sparql-results+json", "application/sparql-results+json"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("text/turtle", "text/turtle; charset=utf-8"),
        ("application/ld+json", "application/ld+json"),
        ("application/sparql-query", "application/sparql-query"),
        (running.BROWSER, "text/html; charset=utf-8"),
    ):
        answer = client.get("/queries/day?day=1990-01-15", headers={"Accept": accept})
        assert (answer.status_code, answer.headers["content-type"]) == (200, content_type)
        spoken = "Accept-Language, " if accept == running.BROWSER else ""
        assert answer.headers["vary"] == f"Accept, {spoken}Accept-Encoding"
        assert client.get(answer.headers["content-location"]).content == answer.content
        again = client.get("/queries/day?day=1990-01-15", headers={"Accept": accept, "If-None-Match": answer.headers["etag"]})  # fmt: skip
        assert (again.status_code, again.content) == (304, b"")
    rows = client.get("/queries/known-by.csv?day=1990-01-15")
    assert (
        '</queries/known-by.json?day=1990-01-15>; rel="alternate"; type="application/json"'
        in rows.headers["link"]
    )
    assert '</queries/known-by.ttl>; rel="describedby"' in rows.headers["link"]
    assert client.get("/queries/day", headers={"Accept": "image/png"}).status_code == 406


def test_the_list(client: httpx.Client, archive: kg.Archive) -> None:
    listed = client.get("/queries").json()
    assert [query["name"] for query in listed] == list(archive.catalog)
    (one,) = [query for query in listed if query["name"] == "claims-by-measure"]
    assert one["parameters"][2] == {
        "name": "as_of", "type": "date", "required": False, "default": None,
        "summary": "only what had been reported by this day",
    }  # fmt: skip
    assert one["columns"][-1] == "veiled"
    page = Page(client.get("/queries", headers={"Accept": running.BROWSER}).text)
    assert {f"/queries/{name}" for name in archive.catalog} <= set(page.hrefs())
    graphs = [
        {quad.triple for quad in ox.parse(client.get(f"/queries.{suffix}").text, format=format)}
        for suffix, format in (("ttl", ox.RdfFormat.TURTLE), ("nt", ox.RdfFormat.N_TRIPLES), ("jsonld", ox.RdfFormat.JSON_LD))
    ]  # fmt: skip
    assert graphs[0] == graphs[1] == graphs[2]
    executables = [triple for triple in graphs[0] if triple.object.value.endswith("SPARQLExecutable")]
    assert len(executables) == len(archive.catalog)


# ---------------------------------------------------------------------- care


def test_veiled_rows_are_flagged_and_folded(care: httpx.Client, velm: kg.Archive) -> None:
    rows = care.get("/queries/deaths").json()
    veiled = [row for row in rows if row["veiled"]]
    assert [row["claim"] for row in veiled] == sorted(velm.veiled & {row["claim"] for row in rows})
    assert veiled
    flags = [row["veiled"] for row in csv.DictReader(io.StringIO(care.get("/queries/deaths.csv").text))]
    assert flags == [str(row["veiled"]).lower() for row in rows]
    page = care.get("/queries/deaths.html").text
    for row in veiled:
        address = velm.base.split(row["claim"])
        assert address
        before, _, _ = page.partition(f'href="/claim/{address[1]}"')
        assert before.rfind("<details") > before.rfind("</details>")
    assert "Undated claims are left out." in page


def test_an_answer_about_who_may_be_living_is_not_indexed(client: httpx.Client) -> None:
    for suffix in ("", ".html", ".csv", ".json"):
        assert client.get(f"/queries/people{suffix}").headers["x-robots-tag"] == "noindex"
    for path in ("/queries/people.ttl", "/queries/claims-by-kind", "/queries/sources.html"):
        assert "x-robots-tag" not in client.get(path).headers


def test_a_parameter_may_have_any_name(care: httpx.Client) -> None:
    assert care.get("/queries/one-thing").status_code == 400
    assert "needs the parameter 'query'" in care.get("/queries/one-thing").text
    assert care.get("/queries/one-thing?query=").status_code == 400
    assert len(care.get("/queries/one-thing", params={"query": "velmora"}).json()) > 1
    described = care.get("/queries/one-thing.ttl").text
    assert "sh:optional false" in described


def test_a_release_without_questions_says_so(hostile: httpx.Client) -> None:
    assert hostile.get("/queries.json").json() == []
    page = Page(hostile.get("/queries").text)
    assert "no named questions" in page.text
    harmless(page)
    assert hostile.get("/queries/day").status_code == 404


# ---------------------------------------------------------------------- injection

SHARP = st.sampled_from(
    ["'", '"', "\\", ">", "<", "{", "}", "(", ")", "#", "\n", "\r", "\t", "\x00", "\u2028", "\\u0022", "%22", "%3E", ":", "/", ";", ".", " ",
     "UNION", "} UNION {", '"""', "SERVICE <http://127.0.0.1:9/> {", "?_text", "event:", "person:x", "http://x/", "urn:x:", "1", "true", "DROP ALL", "é", "﷐", "\u202e", "𝒳"]
)  # fmt: skip
ANYTHING = st.lists(SHARP | st.characters(codec="utf-8"), max_size=12).map("".join)
VALUES = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("person", "text", "count", "year", "tongue", "sure", "about"), ANYTHING)
)


def shape(text: str) -> list[tuple[str, str]]:
    """Give the words of a query, with one word for every term that a parameter may stand for."""
    return [
        ("term", "") if token.kind in ("iri", "string", "number") or token.text in ("true", "false") or token.text.startswith("?_") else (token.kind, token.text)
        for token in sparql.tokens(text)
        if token.significant and token.text not in ("^^", "+", "-")
    ]  # fmt: skip


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(VALUES)
def test_whatever_is_sent_the_query_keeps_its_shape(
    care: httpx.Client, velm: kg.Archive, monkeypatch: pytest.MonkeyPatch, values: dict[str, str]
) -> None:
    """Every query that reaches the store for a question has the words of its file, with terms where its parameters stand."""
    asked: list[str] = []
    bind = Query.bind

    def noted(self: Query, *args: object) -> str:
        asked.append(bind(self, *args))  # type: ignore[arg-type]
        return asked[-1]

    with monkeypatch.context() as patch:
        patch.setattr(Query, "bind", noted)
        answer = care.get("/queries/deaths.json", params=values)
    assert answer.status_code in (200, 400, 404), answer.text
    assert "Traceback" not in answer.text
    plain = shape(bind(velm.catalog["deaths"], {}, velm.base))
    for text in asked:
        without = [word for word in shape(text) if word != ("term", "")]
        assert without == [word for word in plain if word != ("term", "")]
        assert len(shape(text)) == len(plain)
    if answer.status_code == 200:
        store = EmbeddedStore.open(velm.directory or Path())
        assert len(store) == velm.manifest.counts["quads"]
        if values.get("text", "").strip():
            assert {row["text"] for row in answer.json()} <= {values["text"]}


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(VALUES)
def test_whatever_is_sent_the_page_stays_a_page(care: httpx.Client, values: dict[str, str]) -> None:
    answer = care.get("/queries/deaths.html", params=values)
    page = Page(answer.text)
    harmless(page)
    assert not any("\n" in value or "\r" in value for value in answer.headers.values())


@given(name=ANYTHING)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_name_is_asked_for(care: httpx.Client, name: str) -> None:
    assume(name not in ("", ".", ".."))  # no name leads to the list; the client resolves dots, even here
    path = f"/queries/{quote(name, safe='')}".encode()
    answer = care.get(httpx.URL(str(care.base_url)).copy_with(raw_path=path))
    assert answer.status_code == 404 or (
        answer.status_code == 400 and "/" in name
    )  # which may be a resource's path
    assert "Traceback" not in answer.text


def test_what_bears_on_the_reading_of_the_rows_stands_under_them(client: httpx.Client) -> None:
    shown = client.get("/queries/claims-by-measure.html").text
    _, _, beneath = shown.partition("What bears on their reading")
    assert "the figure may be of Baku in January 1990, or of the whole series that follows" in beneath
    assert 'href="/claim/asbarez-p2-s1-01"' in beneath
    assert "What bears" not in client.get("/queries/claims-by-measure.html?as_of=1990-01-15").text
