"""Paging: what leads to a resource comes page by page in every form, whole, in a fixed order, and without counting it all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pyoxigraph as ox
import pytest
from test_documents import BASE, Page

import kg
import running
from kg.documents.descriptions import Descriptions
from kg.documents.incoming import COUNTED, PAGE, PAGES
from kg.store import EmbeddedStore

SOME, MANY = 2 * PAGE + 50, COUNTED + 2 * PAGE + 1
DATA = (
    f"@prefix : <{BASE}> .\n:few :of :nothing .\n"
    + "".join(f":s{n} :of :some . :s{n} :in :some .\n" for n in range(SOME // 2))
    + "".join(f":m{n} :of :many .\n" for n in range(MANY))
    + f"<{BASE}g> {{ :s0 :of :elsewhere . [] :of :elsewhere }}\n"
)


class Watched(EmbeddedStore):
    """A store that counts the quads that it gives."""

    given = 0

    def match(self, *args: Any, **options: Any) -> list[ox.Quad]:
        found = super().match(*args, **options)
        self.given += len(found)
        return found


@pytest.fixture(scope="module", params=["union", "strict"])
def archive(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> kg.Archive:
    directory: Path = tmp_path_factory.mktemp("paging")
    return running.release(directory, DATA, base=BASE, default_graph=request.param)


@pytest.fixture(scope="module")
def client(archive: kg.Archive) -> Iterator[httpx.Client]:
    with running.serving(archive) as address, httpx.Client(base_url=address, timeout=30) as client:
        yield client


def leading(answer: httpx.Response, name: str) -> list[ox.Triple]:
    found = {quad.triple for quad in ox.parse(answer.text, format=ox.RdfFormat.N_TRIPLES)}
    return [each for each in found if each.object == ox.NamedNode(BASE + name)]


def link(answer: httpx.Response, rel: str) -> str:
    found = re.search(rf'<([^>]*)>; rel="{rel}"', answer.headers["link"])
    return found[1] if found else ""


def walked(client: httpx.Client, path: str) -> list[httpx.Response]:
    """Give all pages from *path* on, by the links that lead to the next, and check those that lead back."""
    pages = [client.get(path)]
    while following := link(pages[-1], "next"):
        pages.append(client.get(following))
        assert pages[-1].status_code == 200
        assert link(pages[-1], "prev") == (path if len(pages) == 2 else f"{path}?page={len(pages) - 1}")
        assert link(pages[-1], "first") == path
        assert link(pages[-1], "canonical").endswith(f"?page={len(pages)}")
    return pages


@pytest.mark.parametrize(("name", "number"), [("some", SOME), ("many", MANY), ("nothing", 1)])
def test_the_pages_together_are_whole(client: httpx.Client, name: str, number: int) -> None:
    pages = walked(client, f"/{name}.nt")
    sizes = [len(leading(page, name)) for page in pages]
    assert sizes == [PAGE] * (number // PAGE) + ([number % PAGE] if number % PAGE else [])
    assert len({triple for page in pages for triple in leading(page, name)}) == number
    again = client.get(f"/{name}.nt?page=1")
    assert (again.content, again.headers["etag"]) == (pages[0].content, pages[0].headers["etag"])


@pytest.mark.parametrize("suffix", ["ttl", "jsonld", "rdf", "json", "html"])
def test_every_form_has_the_same_pages(client: httpx.Client, suffix: str) -> None:
    lines = client.get("/some.nt?page=2")
    answer = client.get(f"/some.{suffix}?page=2")
    for triple in leading(lines, "some"):
        local = triple.subject.value.removeprefix(BASE)  # type: ignore[union-attr]
        assert re.search(rf"\b{local}\b", answer.text)
    assert client.get(link(answer, "next")).headers["content-type"] == answer.headers["content-type"] or suffix == "html"  # fmt: skip
    assert link(answer, "prev").split("?")[0] in (f"/some.{suffix}", "/some")


def test_what_is_counted_is_sorted_and_says_how_many(client: httpx.Client) -> None:
    said = [client.get(f"/some.json?page={page}").json()["incoming"] for page in (1, 2, 3)]
    rows = [(row["property"]["iri"], row["subject"]["iri"]) for each in said for row in each["statements"]]
    assert rows == sorted(rows)
    assert {each["total"] for each in said} == {SOME}
    assert said[1]["next"] == "/some.json?page=3"
    assert "next" not in said[2]
    assert client.get("/many.json").json()["incoming"]["total"] is None


def test_the_page_for_people_leads_on_and_back(client: httpx.Client) -> None:
    browser = {"Accept": running.BROWSER}
    first, second = (Page(client.get(path, headers=browser).text) for path in ("/many", "/many?page=2"))
    assert f"Statements 1 to {PAGE} of more than {COUNTED}." in first.text
    assert f"Statements {PAGE + 1} to {2 * PAGE} of more than {COUNTED}." in second.text
    assert "/many?page=2" in first.hrefs()
    assert {"/many", "/many?page=3"} <= set(second.hrefs())
    assert f"of {SOME}." in Page(client.get("/some", headers=browser).text).text


def test_a_page_that_there_is_not(client: httpx.Client) -> None:
    assert client.get("/some.nt?page=4").status_code == 404
    assert "begins at /some" in client.get("/some?page=4").text
    assert client.get(f"/many?page={PAGES + 1}").status_code == 404
    for word in ("0", "-1", "two", "1.5", "", "%D9%A2"):
        answer = client.get(f"/some?page={word}")
        assert answer.status_code == 400
        assert "page=2" in answer.text
    address = f"/resource?iri={BASE}some&format=nt"
    assert len(leading(client.get(f"{address}&page=3"), "some")) == SOME % PAGE


def test_statements_of_every_graph_are_among_them(client: httpx.Client) -> None:
    found = leading(client.get("/elsewhere.nt"), "elsewhere")
    assert {type(triple.subject) for triple in found} == {ox.NamedNode, ox.BlankNode}


def test_no_page_costs_what_all_cost(archive: kg.Archive) -> None:
    inner = ox.Store()
    inner.bulk_extend(archive.quads())
    store = Watched(inner, archive.store.default_graph)
    source = Descriptions(kg.Archive(store, archive.manifest, archive.catalog, archive.directory))
    for page in (1, 2, 12):
        before = store.given
        found = source.incoming(BASE + "many", page)
        assert len(found.statements) == PAGE
        assert store.given - before <= COUNTED + 1
