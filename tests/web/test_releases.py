"""Kept releases under addresses of their own: links, caching, what was withdrawn since, and how many are open."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx
import pyoxigraph as ox
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from starlette.routing import Route

import kg
import processes
import running
import shelves
import velmora
from kg import building, manifest, release
from kg.manifest import CURRENT
from kg.names import VOCABULARIES
from kg.project import Project
from kg.web import Place, create_app
from kg.web.shelf import Shelf
from suites import ROOT

DCAT = VOCABULARIES["dcat"]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> shelves.Shelved:
    """Four releases, of which the third is current."""
    found = shelves.shelved(tmp_path_factory.mktemp("releases"), 4)
    found.point(2)
    return found


@pytest.fixture(scope="module")
def client(shelf: shelves.Shelved) -> Iterator[httpx.Client]:
    with shelves.hosting(shelf.out) as url, httpx.Client(base_url=url, timeout=30) as client:
        yield client


def links(answer: httpx.Response) -> dict[str, set[str]]:
    """Give the targets of the Link header by relation."""
    found: dict[str, set[str]] = {}
    for target, relations in re.findall(r'<([^>]*)>; rel="([^"]*)"', answer.headers.get("link", "")):
        for relation in relations.split():
            found.setdefault(relation, set()).add(target)
    return found


# ---------------------------------------------------------------------- the list


def test_the_list_of_releases(client: httpx.Client, shelf: shelves.Shelved) -> None:
    listed = client.get("/release/").json()
    assert [each["id"] for each in listed] == shelf.ids[::-1]
    assert [each["id"] for each in listed if each["current"]] == [shelf.ids[2]]
    for each in listed:
        assert client.get(each["href"]).status_code == 200
    page = client.get("/release/", headers={"Accept": running.BROWSER}).text
    assert re.findall(r'<a href="/release/([0-9a-f]{12})/"', page) == shelf.ids[::-1]
    assert client.get("/release").text == client.get("/release.json").text
    assert client.get("/release.xyz").status_code == 404


def test_the_list_as_linked_data(client: httpx.Client, shelf: shelves.Shelved) -> None:
    found = set(ox.parse(client.get("/release.ttl").content, format=ox.RdfFormat.TURTLE))
    iris = [f"{shelves.BASE}release/{id}/" for id in shelf.ids]

    def pairs(name: str) -> set[tuple[str, str]]:
        return {
            (quad.subject.value, quad.object.value)
            for quad in found
            if quad.predicate.value == DCAT + name and isinstance(quad.subject, ox.NamedNode)
        }

    dataset = f"{shelves.BASE}dataset"
    assert pairs("hasVersion") == {(dataset, iri) for iri in iris}
    assert pairs("isVersionOf") == {(iri, dataset) for iri in iris}
    assert pairs("hasCurrentVersion") == {(dataset, iris[2])}
    assert pairs("previousVersion") == set(zip(iris[1:], iris, strict=False))
    said = client.get("/dataset.nt").text
    assert f"<{dataset}> <{DCAT}hasCurrentVersion> <{iris[2]}> ." in said
    assert "hasCurrentVersion" not in client.get(f"/release/{shelf.ids[0]}/dataset.nt").text


def test_the_feed_leads_to_each_release(client: httpx.Client, shelf: shelves.Shelved) -> None:
    feed = client.get("/feed.atom").text
    for number, id in enumerate(shelf.ids):
        assert (f'href="{shelves.BASE}release/{id}/"' in feed) == (number != 2)


def test_the_interface_is_described(shelf: shelves.Shelved, client: httpx.Client) -> None:
    archive = kg.open(shelf.out)
    assert archive.directory is not None
    place = Place(shelf=Shelf(archive.manifest, archive.directory, shelf.out))
    routes = [route for route in create_app(archive, place=place).routes if isinstance(route, Route)]
    known = {re.sub(":[a-z]+}", "}", route.path) for route in routes if route.include_in_schema}
    document = client.get("/openapi.json").json()
    OpenAPIV31SpecValidator(document).validate()
    assert {path for path in known - document["paths"].keys() if not path.startswith("/static/")} == {
        "/download",
        "/queries/{name}",
        "/release",
    }
    text = (ROOT / "docs" / "http.md").read_text(encoding="utf-8")
    assert "`/release/`" in text
    of_one = client.get(f"/release/{shelf.ids[0]}/openapi.json").json()
    OpenAPIV31SpecValidator(of_one).validate()
    assert of_one["servers"] == [{"url": f"/release/{shelf.ids[0]}"}]
    assert "/health" not in of_one["paths"]


# ---------------------------------------------------------------------- one release


def test_each_release_answers_as_it_stood(client: httpx.Client, shelf: shelves.Shelved) -> None:
    for number, id in enumerate(shelf.ids):
        before = f"/release/{id}"
        page = client.get(f"{before}/thing", headers={"Accept": running.BROWSER})
        assert f"number {number}" in page.text
        assert f"<code>{id}</code>" in page.text
        rows = client.get(f"{before}/sparql", params={"query": "SELECT ?l { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?l }"})  # fmt: skip
        assert [row["l"]["value"] for row in rows.json()["results"]["bindings"]] == [f"number {number}"]
        listed = shelf.manifests[number].file("downloads/dataset.nq")
        assert listed is not None
        answer = client.get(f"{before}/download/dataset.nq")
        assert answer.headers["etag"] == f'"{listed.sha256}-gzip"'
        assert len(answer.content) == listed.size
        assert client.get(f"{before}/dataset.nt").status_code == 200
        assert client.get(f"{before}/queries").json() == []
        moved = client.get(f"/release/{id}", params={"x": "1"})
        assert (moved.status_code, moved.headers["location"]) == (308, f"{before}/")
    assert client.get("/thing.nt").text.count('"number 2"') == 1


def test_identifiers_stay_and_addresses_are_those_of_the_release(
    client: httpx.Client, shelf: shelves.Shelved
) -> None:
    before = f"/release/{shelf.ids[0]}"
    assert client.get(f"{before}/thing.nt").text.startswith(f"<{shelves.BASE}thing> ")
    found = client.get(f"{before}/thing", headers={"Accept": "text/turtle"})
    assert found.headers["content-location"] == f"{before}/thing.ttl"
    assert links(found)["alternate"] > {f"{before}/thing.{suffix}" for suffix in ("jsonld", "nt", "html")}
    assert all(each.startswith(f"{before}/thing.") for each in links(found)["alternate"])
    assert links(found)["canonical"] == {f"{shelves.BASE}thing"}
    assert links(found)["collection"] == {f"{before}/dataset"}
    by_iri = client.get(f"{before}/resource", params={"iri": f"{shelves.BASE}thing"})
    assert by_iri.headers["content-location"].startswith(f"{before}/thing.")


def test_what_a_release_says_of_itself_leads_to_its_own_files_and_services(
    client: httpx.Client, shelf: shelves.Shelved
) -> None:
    current = client.get("/dataset.nt").text
    for number, id in enumerate(shelf.ids):
        home = f"{shelves.BASE}release/{id}/"
        answer = client.get(f"/release/{id}/dataset.nt")
        said = list(ox.parse(answer.content, format=ox.RdfFormat.N_TRIPLES))
        urls = {quad.object.value for quad in said if quad.predicate.value == f"{DCAT}downloadURL"}
        assert len(urls) > 5
        assert urls == {each for each in links(answer)["item"] if each.startswith(f"{home}download/")}
        for url in urls:
            name = url.removeprefix(f"{home}download/")
            listed = shelf.manifests[number].file(f"downloads/{name}")
            assert listed is not None
            file = client.head("/" + url.removeprefix(shelves.BASE), headers={"Accept-Encoding": "identity"})
            assert file.headers["etag"] == f'"{listed.sha256}"'
        assert f"<{DCAT}endpointURL> <{home}sparql> ." in answer.text
        assert f"<{home}sparql> " in client.get(f"/release/{id}/sparql", headers={"Accept": "application/n-triples"}).text  # fmt: skip
        assert f"<{shelves.BASE}dataset> " in answer.text
    assert f"<{DCAT}downloadURL> <{shelves.BASE}download/dataset.nt> ." in current


class Addresses(HTMLParser):
    """The addresses that a page leads to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {value for name, value in attrs if name in ("href", "src", "action") and value}


def test_every_link_within_a_release_stays_there_and_leads_somewhere(archive: kg.Archive) -> None:
    """Over every kind of page of the real collection, at its own address."""
    assert archive.directory is not None
    before = f"/release/{archive.manifest.id}"
    outside = {"/", "/release/", "/static/style.css", "/static/editor.js", "/feed.atom"}
    with shelves.hosting(archive.directory.parent) as url, httpx.Client(base_url=url, timeout=30) as client:
        seen: set[str] = set()
        for path in ("/", "/queries", "/queries/day?day=1990-01-15", "/sparql?query=SELECT+*+{?s+a+?o}+LIMIT+3", "/dataset", "/ns", "/shapes", "/prefixes", "/download/", "/event/baku-1990-01", "/claim/asbarez-c02-s2-01", "/photographs?shows=baku", "/claims", "/list", "/list?class=kg:Leg", "/nowhere"):  # fmt: skip
            page = client.get(before + path, headers={"Accept": running.BROWSER})
            assert page.status_code == (404 if path == "/nowhere" else 200)
            own = {href for href in Addresses(page.text).found if href.startswith("/")}
            own -= {
                href
                for href in own
                if re.fullmatch(rf"/changes\?iri=[^&]+&since={archive.manifest.id}", href)
            }
            assert {href for href in own if not href.startswith(f"{before}/")} <= outside, path
            assert 'role="note">This is release' in page.text
            seen |= {href.partition("#")[0] for href in own}
        assert len(seen) > 200
        for href in sorted(seen)[::9]:
            assert client.head(href, headers={"Accept": running.BROWSER}).status_code in (200, 302), href


def test_no_template_has_an_address_of_its_own() -> None:
    for path in (ROOT / "src/kg/pages/templates").glob("*.html"):
        found = set(re.findall(r'(?:href|src|action)="(/[^"{]*)', path.read_text("utf-8")))
        assert {each for each in found if not each.startswith(("/release", "/changes", "/static/"))} <= {
            "/",
            "/feed.atom",
        }, path.name


def test_what_an_answer_says_of_its_place_among_the_releases(
    client: httpx.Client, shelf: shelves.Shelved
) -> None:
    for number, id in enumerate(shelf.ids):
        for path in ("/thing.ttl", "/", "/sparql?query=ASK%7B%7D", "/download/dataset.nt", "/dataset.ttl", "/resource?iri=urn:x%3E%22"):  # fmt: skip
            answer = client.get(f"/release/{id}{path}")
            said = links(answer)
            assert said["latest-version"] == {path}
            assert said["version-history"] == {"/release/"}
            neighbours = [f"/release/{each}{path}" for each in ("", *shelf.ids, "")[number : number + 3 : 2]]
            assert said.get("predecessor-version", {f"/release/{path}"}) == {neighbours[0]}
            assert said.get("successor-version", {f"/release/{path}"}) == {neighbours[1]}
            assert len(said["canonical"]) == 1
            assert answer.headers["x-robots-tag"] == "noindex"
            if answer.status_code == 200:
                assert answer.headers["cache-control"] == "public, max-age=86400"
            else:
                assert "cache-control" not in answer.headers
    unversioned = client.get("/thing.ttl")
    assert "latest-version" not in links(unversioned)
    assert "x-robots-tag" not in unversioned.headers


def test_not_modified_may_be_kept_too(client: httpx.Client, shelf: shelves.Shelved) -> None:
    path = f"/release/{shelf.ids[0]}/download/dataset.nt"
    etag = client.get(path).headers["etag"]
    again = client.get(path, headers={"If-None-Match": etag})
    assert (again.status_code, again.headers["cache-control"]) == (304, "public, max-age=86400")
    part = client.get(path, headers={"Range": "bytes=0-9"})
    assert (part.status_code, len(part.content)) == (206, 10)


@pytest.mark.parametrize(
    "path",
    ["/release/0123456789ab/", "/release/0123456789AB/", "/release/x/y", "/release//", "/rel%65ase/{id}/thing", "/release/{id}/health", "/release/{id}/metrics", "/release/{id}/feed.atom", "/release/{id}/robots.txt", "/release/{id}/release/", "/release/{id}/release/{id}/thing"],
)  # fmt: skip
def test_there_is_nothing_else(client: httpx.Client, shelf: shelves.Shelved, path: str) -> None:
    target = httpx.URL(str(client.base_url)).copy_with(raw_path=path.replace("{id}", shelf.ids[0]).encode())
    answer = client.get(target)
    assert answer.status_code == 404
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert "Traceback" not in answer.text


def test_requests_are_counted_by_what_they_ask_of_a_release(
    client: httpx.Client, shelf: shelves.Shelved
) -> None:
    client.get(f"/release/{shelf.ids[0]}/thing.ttl")
    found = client.get("/metrics").text
    assert 'kg_http_requests_total{method="GET",route="/release/{release}/{path}",status="200"}' in found
    assert shelf.ids[0] not in found


def test_crawlers_are_asked_to_leave_queries_of_old_releases_alone(client: httpx.Client) -> None:
    lines = client.get("/robots.txt").text.splitlines()
    assert {"Disallow: /release/*/sparql", "Disallow: /release/*/resource"} <= set(lines)


# ---------------------------------------------------------------------- how many are open


def opened(client: httpx.Client) -> int:
    (value,) = re.findall(r"^kg_releases_open ([0-9.]+)$", client.get("/metrics").text, re.MULTILINE)
    return int(float(value))


def asked(client: httpx.Client, id: str) -> int:
    return client.get(f"/release/{id}/thing.nt").status_code


def test_kept_releases_are_opened_when_they_are_asked_for_and_closed_when_they_are_not(
    shelf: shelves.Shelved,
) -> None:
    pace = shelves.Pace(look=0.05, idle=0.5, recent=0.0)
    with shelves.hosting(shelf.out, pace) as url, httpx.Client(base_url=url) as client:
        assert opened(client) == 1
        asked(client, shelf.ids[2])  # the current one
        assert opened(client) == 1
        asked(client, shelf.ids[0])
        assert opened(client) == 2
        assert processes.eventually(lambda: opened(client) == 1)


def test_no_more_than_two_are_open_and_one_in_use_is_not_closed_for_another(shelf: shelves.Shelved) -> None:
    pace = shelves.Pace(look=0.05, recent=1.0)
    with shelves.hosting(shelf.out, pace) as url, httpx.Client(base_url=url) as client:
        assert [asked(client, shelf.ids[number]) for number in (0, 1)] == [200, 200]
        answer = client.get(f"/release/{shelf.ids[3]}/thing.nt")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
        assert opened(client) == 3
        assert processes.eventually(lambda: asked(client, shelf.ids[3]) == 200)
        assert processes.eventually(lambda: opened(client) == 3)


def test_workers_of_a_kept_release_come_with_its_first_query_and_go_with_it(shelf: shelves.Shelved) -> None:
    def number() -> int:
        return len(processes.descendants(os.getpid()))

    pace = shelves.Pace(look=0.05, idle=1.0)
    with shelves.hosting(shelf.out, pace) as url, httpx.Client(base_url=url, timeout=30) as client:
        before = number()
        asked(client, shelf.ids[0])
        client.get(f"/release/{shelf.ids[2]}/sparql", params={"query": "ASK {}"})
        assert processes.eventually(lambda: number() == before + 1, 60)  # the second spare of the current one
        assert client.get(f"/release/{shelf.ids[0]}/sparql", params={"query": "ASK {}"}).json()["boolean"]
        assert number() > before + 1
        assert processes.eventually(lambda: number() == before + 1, 60)


def test_a_damaged_kept_release_is_an_error_of_its_own(shelf: shelves.Shelved, tmp_path: Path) -> None:
    out = shutil.copytree(shelf.out, tmp_path / "out")
    with (out / shelf.ids[0] / "quads.nq").open("ab") as file:
        file.write(b"\n")
    with shelves.hosting(out) as url, httpx.Client(base_url=url) as client:
        answer = client.get(f"/release/{shelf.ids[0]}/thing.nt")
        assert answer.status_code == 500
        assert str(out) not in answer.text
        assert client.get("/thing.nt").status_code == 200


def test_a_change_closes_what_was_open_and_keeps_the_former_one_reachable(
    shelf: shelves.Shelved, tmp_path: Path
) -> None:
    mine = shelves.Shelved(shutil.copytree(shelf.out, tmp_path / "out"), shelf.manifests)
    with shelves.hosting(mine.out) as url, httpx.Client(base_url=url, timeout=30) as client:
        asked(client, mine.ids[0])
        mine.point(3)
        assert processes.eventually(lambda: client.get("/health").json()["release"] == mine.ids[3])
        assert processes.eventually(lambda: opened(client) == 1)
        assert '"number 2"' in client.get(f"/release/{mine.ids[2]}/thing.nt").text
        assert [each["id"] for each in client.get("/release/").json() if each["current"]] == [mine.ids[3]]
        shutil.rmtree(mine.place(0))  # as a build does that keeps fewer
        assert processes.eventually(lambda: len(client.get("/release/").json()) == 3)
        assert asked(client, mine.ids[0]) == 404


# ---------------------------------------------------------------------- what was withdrawn since

PERSON = "oskar-lind"


@pytest.fixture(scope="module")
def withdrawn(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """A project that took a person back: its root, the id of the release before, and of an older one; both are put back as they were."""
    root = velmora.project(tmp_path_factory.mktemp("withdrawn"))
    file = velmora.statements(root)
    text = file.read_text()
    older = building.build(Project.open(root), root / "build")[0]
    file.write_text(text.replace("Stoppages on the coast, 1901", "Stoppages along the coast, 1901"))
    newer = building.build(Project.open(root), root / "build")[0]
    kept = {id: shutil.copytree(root / "build" / id, root / f"copy-{id}") for id in (older.id, newer.id)}
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in kg.names.Base().prefixes().items())
    (root / "data/velmora/redactions.ttl").write_text(
        f"{prefixes}decision:redaction-1 a kg:Redaction ; kg:redacts person:{PERSON} ;\n"
        '    kg:rationale "Asked for by the family."@en ; prov:wasAssociatedWith org:attest ;\n'
        '    prov:endedAtTime "1991-05-03T00:00:00Z"^^xsd:dateTime .\n'
    )
    building.build(Project.open(root), root / "build")
    shutil.copytree(kept[older.id], root / "build" / older.id)  # it was somewhere else, and came back
    return root, older.id, newer.id


def test_what_was_withdrawn_is_gone_in_every_release(withdrawn: tuple[Path, str, str]) -> None:
    root, older, newer = withdrawn
    with shelves.hosting(root / "build") as url, httpx.Client(base_url=url, timeout=30) as client:
        gone = client.get(f"/id/person/{PERSON}")
        assert gone.status_code == 410
        ids = [each["id"] for each in client.get("/release/").json()]
        assert older in ids
        assert newer not in ids  # it was rebuilt, and has another id now
        assert client.get(f"/release/{newer}/person/{PERSON}").status_code == 404
        assert len(ids) == 4
        for id in ids[1:]:
            answer = client.get(f"/release/{id}/person/{PERSON}")
            assert answer.status_code == 410, id
            if id != older:
                assert "Asked for by the family." in answer.text
                assert client.get(f"/release/{id}/").status_code == 200
                for name in json.loads((root / "build" / id / "manifest.json").read_text())["files"]:
                    path = name["path"].removeprefix("downloads/")
                    assert PERSON not in client.get(f"/release/{id}/download/{path}").text


def test_a_release_that_still_holds_it_is_not_served_at_all(withdrawn: tuple[Path, str, str]) -> None:
    root, older, _ = withdrawn
    with shelves.hosting(root / "build") as url, httpx.Client(base_url=url, timeout=30) as client:
        for path in ("/", f"/person/{PERSON}", "/sparql?query=SELECT+*+{?s+?p+?o}", "/download/quads.nq", "/download/dataset.nt", "/dataset.ttl", "/queries.json"):  # fmt: skip
            answer = client.get(f"/release/{older}{path}")
            assert answer.status_code == 410, path
            assert f"the release {older} still holds what has been withdrawn since" in answer.text
            assert "Lind" not in answer.text
        assert older not in [each["id"] for each in client.get("/release/").json()]
        assert f"release/{older}" not in client.get("/feed.atom").text
        building.build(Project.open(root), root / "build")  # rebuilds it
        assert processes.eventually(lambda: client.get(f"/release/{older}/").status_code == 404)


def test_a_release_from_before_it_says_gone_and_not_unknown(withdrawn: tuple[Path, str, str]) -> None:
    """The tombstones of the current release count in one that never held the resource."""
    root, _, _ = withdrawn
    stones = manifest.read(manifest.current(root / "build")).tombstones
    assert len(stones) > 1
    from kg import opening

    for directory in release.kept(root / "build"):
        if not release.holds(directory, stones):
            archive = opening.proven(directory, stones)
            assert archive.manifest.tombstones == stones
            with pytest.raises(kg.Gone):
                archive.thing(f"person:{PERSON}")


def test_a_question_that_names_it_is_held_too(tmp_path: Path) -> None:
    root = velmora.project(tmp_path)
    (root / "queries").mkdir()
    (root / "queries/who.rq").write_text(
        "#+ summary: who\n#+ params:\n#+   who: {type: person, default: nobody-at-all}\nSELECT ?x WHERE { BIND (?_who AS ?x) }\n"
    )
    made = building.build(Project.open(root), root / "build")[0]
    base = kg.names.Base(made.base)
    place = root / "build" / made.id
    stone = manifest.Tombstone(
        manifest.Tombstone.mark(base.id("person", "nobody-at-all"), base), "r", "1991-05-03"
    )
    other = manifest.Tombstone(
        manifest.Tombstone.mark(base.id("person", "somebody-else"), base), "r", "1991-05-03"
    )
    assert release.holds(place, [stone])
    assert not release.holds(place, [other])
    assert not release.holds(place, [])


def test_the_current_release_named_by_hand_is_among_the_others(shelf: shelves.Shelved) -> None:
    found: Any = Shelf(shelf.manifests[1], shelf.place(1), shelf.out)
    assert found.ids == tuple(shelf.ids)
    assert found.neighbours(shelf.ids[0]) == ("", shelf.ids[1])
    assert found.neighbours(shelf.ids[3]) == (shelf.ids[2], "")
    assert found.neighbours("0123456789ab") == ("", "")
    assert (shelf.out / CURRENT).read_text().strip() == shelf.ids[2]


def test_a_directory_with_the_name_of_another_release_is_not_taken_for_it(
    shelf: shelves.Shelved, tmp_path: Path
) -> None:
    out = shutil.copytree(shelf.out, tmp_path / "out")
    shutil.rmtree(out / shelf.ids[0])
    shutil.copytree(out / shelf.ids[1], out / shelf.ids[0])
    with shelves.hosting(out) as url, httpx.Client(base_url=url) as client:
        assert asked(client, shelf.ids[0]) == 500
        assert asked(client, shelf.ids[1]) == 200
