"""The page of a query: its answer by types, downloads, what it overlooked, and where it stands for good."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import quote

import httpx
import pytest
from test_documents import Page

import kg
import running
import velmora
from kg import building
from kg.names import KG, RDFS, SCHEMA
from kg.project import Project
from kg.web import Host, Place, create_app
from kg.web.application import Application

HTML = {"Accept": running.BROWSER}
TYPED = f"""SELECT ?e ?label (3 AS ?number) ("1990-01-14"^^<http://www.w3.org/2001/XMLSchema#date> AS ?day) (true AS ?so)
WHERE {{ ?e a <{SCHEMA}Event> ; <{RDFS}label> ?label }} ORDER BY ?label ?e LIMIT 3"""
DEATHS = f"SELECT ?n WHERE {{ ?e <{KG}deaths> ?n }}"


def page(client: httpx.Client, query: str, status: int = 200, **more: str) -> str:
    answer = client.get("/sparql", params={"query": query, **more}, headers=HTML)
    assert answer.status_code == status
    return answer.text


def test_cells_by_type(client: httpx.Client, archive: kg.Archive) -> None:
    text = page(client, TYPED)
    rows = re.findall(r"<tr><td class=\"row\">(\d+)</td>(.*?)</tr>", text)
    assert [number for number, _ in rows] == ["1", "2", "3"]
    for (_, cells), event in zip(rows, sorted(archive.events(), key=lambda event: event.label), strict=False):
        kinds = re.findall(r'<td(?: class="(\w+)")?>', cells)
        assert kinds == ["iri", "", "number", "date", "truth"]
        assert unescape(cells).count(event.label) == 2
        assert f'<code class="also"><bdi>{archive.base.compact(event.iri)}</bdi></code>' in cells
        assert '<span class="also tongue">en</span>' in cells
        assert "<time><bdi>1990-01-14</bdi></time>" in cells
    assert "3 rows" in " ".join(Page(text).text.split())


def test_rows_come_as_they_were_sorted(client: httpx.Client, archive: kg.Archive) -> None:
    for order in ("ASC", "DESC"):
        query = (
            f"SELECT ?label WHERE {{ ?e a <{SCHEMA}Event> ; <{RDFS}label> ?label }} ORDER BY {order}(?label)"
        )
        found = re.findall(r"<td><bdi lang=\"en\">(.*?)</bdi>", page(client, query))
        assert [unescape(label) for label in found] == [row.label for row in archive.query(query)]


@pytest.mark.parametrize("query", [TYPED, "ASK {}", f"CONSTRUCT WHERE {{ ?e a <{SCHEMA}Place> }}"])
def test_downloads_carry_the_query(client: httpx.Client, query: str) -> None:
    links = [href for href in Page(page(client, query)).hrefs() if href.startswith("/sparql.")]
    assert len(links) == 4
    for href in links:
        answer = client.get(unescape(href), headers={"Accept": "image/png"})  # the suffix decides
        assert answer.status_code == 200
        same = client.get(
            "/sparql", params={"query": query}, headers={"Accept": answer.headers["content-type"]}
        )
        assert same.content == answer.content
    assert len({client.get(href).headers["content-type"] for href in links}) == 4


def test_a_suffix_names_the_form(client: httpx.Client, archive: kg.Archive) -> None:
    answer = client.get("/sparql.csv", params={"query": DEATHS.replace("deaths", "claimant")})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert csv.DictReader(io.StringIO(answer.text)).fieldnames == ["n"]
    posted = httpx.post(f"{client.base_url}/sparql.tsv", data={"query": "ASK {}"})
    assert posted.text == "true\n"
    assert client.get("/sparql.ttl", params={"query": "ASK {}"}).status_code == 406
    missing = client.get("/sparql.xls", params={"query": "ASK {}"})
    assert missing.status_code == 404
    assert ".csv" in missing.text
    assert "sd:Service" in client.get("/sparql.ttl").text


def test_the_graphs_that_were_named_go_with_the_links_and_the_form(
    client: httpx.Client, archive: kg.Archive
) -> None:
    graph = archive.base.graph("entities")
    found = Page(page(client, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", **{"default-graph-uri": graph}))
    assert ("default-graph-uri", graph) in [
        (a.get("name"), a.get("value")) for tag, a in found.tags if tag == "input"
    ]
    (link,) = [href for href in found.hrefs() if href.startswith("/sparql.csv")]
    count = int(client.get(link).text.split()[1])
    assert 0 < count < archive.manifest.counts["quads"]
    assert "Ask it from a program" not in found.text  # a program would read other graphs


def test_a_browser_that_asks_for_query_lands_on_the_page(client: httpx.Client) -> None:
    answer = client.get("/query?query=ASK%7B%7D", headers=HTML)
    assert (answer.status_code, answer.headers["location"]) == (302, "/sparql?query=ASK%7B%7D")
    assert client.get("/query").headers["location"] == "/sparql"


def test_a_property_of_claims_only_leads_to_the_question_that_answers(
    client: httpx.Client, archive: kg.Archive
) -> None:
    found = Page(page(client, DEATHS))
    assert archive.note(DEATHS) in " ".join(found.text.split())
    link = "/queries/claims-by-measure?measure=deaths"
    assert link in found.hrefs()
    assert client.get(link).json() == archive.query("claims-by-measure", measure="deaths").to_json()
    unknown = Page(page(client, f"SELECT ?n WHERE {{ ?e <{KG}deathz> ?n }}"))
    assert "kg:deathz is not in this release; did you mean kg:deaths" in " ".join(unknown.text.split())


@pytest.mark.parametrize(
    ("query", "line", "word"),
    [
        ("SELECT ?s\r\nWHER { ?s ?p ?o }", 2, "WHER"),
        ("SELECT ?s {\n?s ?p ?o", 2, "…"),
        ("\n" * 40 + "SELECT ?s { ?s kg:x ?o }" + "\n" * 40, 41, "kg:x"),
        ("SELECT * { ?s ?p '" + "é" * 300 + "' } ORDR" + "x" * 300, 1, "ORDR" + "x" * 36),
    ],
)
def test_the_line_of_a_fault_is_shown_with_the_word(
    client: httpx.Client, query: str, line: int, word: str
) -> None:
    text = page(client, query, 400)
    (found,) = re.findall(
        r'<li value="(\d+)" class="wrong"><code><bdi>(.*?)<mark>(.*?)</mark>(.*?)</bdi></code></li>', text
    )
    assert (int(found[0]), unescape(found[2])) == (line, word)
    assert len(found[1]) + len(found[3]) < 500
    assert len(re.findall(r"<li value", text)) <= 7
    assert f"line {line}, column " in text


def test_plots_stand_beside_the_table(client: httpx.Client) -> None:
    text = client.get("/queries/photographs", headers=HTML).text
    (plot,) = re.findall(r"<svg.*?</svg>", text, re.DOTALL)
    assert ">dateline</text>" in plot
    assert ">depicted</text>" in plot
    assert plot.count("<circle") == 17
    assert "style" not in plot
    places = client.get("/queries/identifiers", headers=HTML).text
    assert len(re.findall(r'<circle class="dot"', places)) == len(
        [row for row in client.get("/queries/identifiers").json() if row["latitude"] is not None]
    )
    assert "<svg" not in client.get("/queries/sources", headers=HTML).text


# ---------------------------------------------------------------------- care, and other servers


@pytest.fixture(scope="module")
def care(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[httpx.Client, kg.Archive]]:
    root = velmora.project(tmp_path_factory.mktemp("query-page"))
    (root / "queries").mkdir()
    (root / "queries" / "deaths.rq").write_text(
        f"#+ summary: Claims\nSELECT ?c {{ ?c a <{KG}Claim> }} ORDER BY ?c\n"
    )
    out = root / "build"
    building.build(Project.open(root), out)
    archive = kg.open(out)

    def make(release: kg.Archive, place: Place) -> Application:
        return create_app(release, place=place)

    with (
        running.serving(archive, app=Host(archive, make, out=out)) as url,
        httpx.Client(base_url=url, timeout=30) as client,
    ):
        yield client, archive


def test_veiled_rows_are_folded_and_not_drawn(care: tuple[httpx.Client, kg.Archive]) -> None:
    client, archive = care
    assert archive.veiled
    query = f"SELECT ?claim ?day {{ ?claim a <{KG}Claim> OPTIONAL {{ ?claim <{KG}asOfLatest> ?day }} }} ORDER BY ?claim"
    text = page(client, query)
    for iri in archive.veiled & {row.claim for row in archive.query(query)}:
        before, _, _ = text.partition(f"<bdi>{archive.base.compact(iri)}</bdi>")
        assert before.rfind("<details") > before.rfind("</details>")
        plot = "".join(re.findall(r"<svg.*?</svg>", text, re.DOTALL))
        assert iri.rpartition("/")[2] not in plot
    assert '<meta name="robots" content="noindex">' in text


def test_an_answer_has_an_address_for_good(care: tuple[httpx.Client, kg.Archive]) -> None:
    client, archive = care
    release = f"/release/{archive.manifest.id}"
    query = f"SELECT ?c {{ ?c a <{KG}Claim> }} ORDER BY ?c"
    for path in (f"/sparql?query={quote(query, safe='')}", "/queries/deaths"):
        text = client.get(path, headers=HTML).text
        link, *cited = re.findall(r'<a href="([^"]*)" rel="bookmark">', text)
        assert all(each.startswith(release) for each in cited)
        assert link == release + path
        kept = client.get(unescape(link), headers=HTML)
        assert kept.status_code == 200
        assert (
            f'href="{release}/sparql.csv?' in kept.text or f'href="{release}/queries/deaths.csv' in kept.text
        )
        assert (
            f"{str(client.base_url).rstrip('/')}{release}/" in kept.text
        )  # its programs ask that release too
        assert f'<a href="{link}" rel="bookmark">' in kept.text
    lead = client.get(f"{release}/query?query=ASK%7B%7D")
    assert lead.headers["location"] == f"{release}/sparql?query=ASK%7B%7D"


def test_a_server_of_one_release_promises_no_other_address(client: httpx.Client) -> None:
    assert 'rel="bookmark"' not in page(client, "ASK {}")


def test_names_are_in_the_readers_language(client: httpx.Client, archive: kg.Archive) -> None:
    baku = archive.base.id("place", "baku")
    query = f"SELECT ?it {{ VALUES ?it {{ <{baku}> }} }}"
    for path in (f"/sparql?query={quote(query)}", "/queries/places?place=baku"):
        english, russian = (client.get(f"{path}&lang={tag}", headers=HTML) for tag in ("en", "ru"))
        assert '<bdi lang="ru">Баку</bdi>' in russian.text
        assert '<bdi lang="ru">Баку</bdi>' not in english.text
        assert english.headers["etag"] != russian.headers["etag"]
        assert english.headers["vary"] == "Accept, Accept-Language, Accept-Encoding"
        preferring = client.get(path, headers=HTML | {"Accept-Language": "ru"})
        assert '<bdi lang="ru">Баку</bdi>' in preferring.text
        assert "lang=ru" not in "".join(re.findall(r'href="(/[^"]*)"', russian.text))
        assert client.get(f"{path}&lang=xx", headers=HTML).status_code == 400
    assert client.get("/queries?lang=ru", headers=HTML).status_code == 200
