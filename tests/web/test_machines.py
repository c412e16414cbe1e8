"""For machines: OpenAPI, sitemap, robots, feed, security.txt, health and metrics."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import httpx
import pyoxigraph as ox
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

import kg
import running
import velmora
from kg import building, settings
from kg.documents.addresses import Addresses
from kg.errors import NotFound, ProjectError
from kg.manifest import Manifest
from kg.pages.pages import Pages
from kg.project import Project
from kg.settings import Security
from kg.store import EmbeddedStore
from kg.web.app import create_app
from kg.web.crawlers import Crawlers
from suites import ROOT

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture(scope="module")
def openapi(client: httpx.Client) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/openapi.json").json()
    return found


@pytest.fixture(scope="module")
def velm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two releases of the invented collection, the first without a date of its edition in the name."""
    root = velmora.project(tmp_path_factory.mktemp("machines"))
    building.build(Project.open(root), root / "build")
    settings_file = root / "kg.toml"
    settings_file.write_text(
        'edition = "2 <&>"\n' + settings_file.read_text().replace("1991-05-02", "1991-06-01")
    )
    building.build(Project.open(root), root / "build")
    return root


# ---------------------------------------------------------------------- OpenAPI


def test_openapi_is_valid(openapi: dict[str, Any], hostile: httpx.Client) -> None:
    OpenAPIV31SpecValidator(openapi).validate()
    OpenAPIV31SpecValidator(hostile.get("/openapi.json").json()).validate()


def test_openapi_and_the_routes_name_each_other(openapi: dict[str, Any], archive: kg.Archive) -> None:
    app: Starlette = create_app(archive)
    found = [route for route in app.routes if isinstance(route, Route) and route.include_in_schema]
    routes = {re.sub(":[a-z]+}", "}", route.path) for route in found}
    routes = {path for path in routes if not path.startswith("/static/")} - {"/download", "/queries/{name}"}
    paths = {path for path in openapi["paths"] if not re.fullmatch("/queries/[^{]+", path)}
    assert paths - {"/queries/{name}.{suffix}"} == routes
    assert {f"/queries/{name}" for name in archive.catalog} == openapi["paths"].keys() - paths


def test_every_route_is_documented(archive: kg.Archive) -> None:
    text = (ROOT / "docs" / "http.md").read_text(encoding="utf-8")
    firsts = {
        route.path.split("{")[0].rstrip("./-")
        for route in create_app(archive).routes
        if isinstance(route, Route)
    }
    for first in {first for first in firsts if first and not first.startswith("/static/")}:
        assert f"`{first}" in text, first


def test_every_question_answers_as_openapi_says(
    client: httpx.Client, openapi: dict[str, Any], archive: kg.Archive
) -> None:
    for name, query in archive.catalog.items():
        operation = openapi["paths"][f"/queries/{name}"]["get"]
        defaults = {
            param["name"]: param["schema"]["default"]
            for param in operation["parameters"]
            if "default" in param["schema"]
        }
        assert [param["name"] for param in operation["parameters"]] == [param.name for param in query.params]
        rows = client.get(f"/queries/{name}", params=defaults).json()
        item = operation["responses"]["200"]["content"]["application/json"]["schema"]["items"]
        for row in rows:
            assert list(row) == item["required"]
        for media_type in operation["responses"]["200"]["content"]:
            answer = client.get(f"/queries/{name}", headers={"Accept": media_type})
            assert answer.headers["content-type"].split(";")[0] == media_type


# ---------------------------------------------------------------------- crawlers


def addresses(answer: httpx.Response) -> list[str]:
    return [loc.text or "" for loc in ElementTree.fromstring(answer.content).iter(f"{SITEMAP}loc")]  # noqa: S314


def test_the_sitemap_lists_documents_that_may_be_indexed(client: httpx.Client, archive: kg.Archive) -> None:
    answer = client.get("/sitemap.xml")
    assert answer.headers["content-type"] == "application/xml"
    listed = addresses(answer)
    assert len(listed) == len(set(listed)) > 500
    for thing in (*archive.events(), *archive.places()):
        assert thing.iri.replace("/id/", "/") in listed
    for index, address in enumerate(listed):
        assert address.startswith(archive.base.iri)
        if index < 12 or index % 40 == 0:
            answer = client.get(
                "/" + address.removeprefix(archive.base.iri), headers={"Accept": running.BROWSER}
            )
            assert answer.status_code == 200, address
            assert "x-robots-tag" not in answer.headers


def test_the_sitemap_leaves_out_whom_pages_ask_not_to_be_indexed(
    client: httpx.Client, archive: kg.Archive
) -> None:
    listed = set(addresses(client.get("/sitemap.xml")))
    subjects = {quad.subject.value for quad in archive.quads() if isinstance(quad.subject, ox.NamedNode)}
    own = sorted(iri for iri in subjects if archive.base.split(iri))
    hidden = 0
    for iri in own:
        path = iri.removeprefix(archive.base.iri + "id")
        noindex = "x-robots-tag" in client.head(f"{path}.ttl").headers
        assert (archive.base.iri + path[1:] in listed) == (not noindex and iri not in archive.veiled), iri
        hidden += noindex
    assert hidden > 5
    assert archive.veiled


@pytest.mark.parametrize("page", [7, 1000, 50_000])
def test_a_large_sitemap_has_pages(archive: kg.Archive, page: int) -> None:
    crawlers = Crawlers(Pages(archive, Addresses(archive.base)), page=page)
    app = Starlette(
        routes=crawlers.routes(), exception_handlers={NotFound: lambda *_: Response(status_code=404)}
    )
    with running.serving(archive, app=app) as url, httpx.Client(base_url=url) as client:
        listed = addresses(client.get("/sitemap.xml"))
        if len(crawlers.addresses) <= page:
            assert listed == list(crawlers.addresses)
            return
        found: list[str] = []
        for number, address in enumerate(listed, 1):
            assert address == f"{archive.base.iri}sitemap-{number}.xml"
            part = addresses(client.get(f"/sitemap-{number}.xml"))
            assert 0 < len(part) <= page
            found += part
        assert found == list(crawlers.addresses)
        assert client.get(f"/sitemap-{len(listed) + 1}.xml").status_code == 404


def test_no_page_beyond_the_last(client: httpx.Client, hostile: httpx.Client) -> None:
    for number in ("0", "1", "99999999999"):
        assert client.get(f"/sitemap-{number}.xml").status_code == 404
    assert len(addresses(hostile.get("/sitemap.xml"))) > 5


def test_robots(client: httpx.Client, archive: kg.Archive) -> None:
    lines = client.get("/robots.txt").text.splitlines()
    assert lines[0] == "User-agent: *"
    assert "Disallow: /sparql" in lines
    assert lines[-1] == f"Sitemap: {archive.base.iri}sitemap.xml"


# ---------------------------------------------------------------------- feed


def entries(answer: httpx.Response) -> list[dict[str, str]]:
    feed = ElementTree.fromstring(answer.content)  # noqa: S314
    assert answer.headers["content-type"] == "application/atom+xml"
    for name in ("id", "title", "updated"):
        assert feed.findtext(f"{ATOM}{name}")
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    found = [
        {child.tag.removeprefix(ATOM): child.text or "" for child in entry}
        for entry in feed.iter(f"{ATOM}entry")
    ]
    assert max(entry["updated"] for entry in found) == feed.findtext(f"{ATOM}updated")
    assert len({entry["id"] for entry in found}) == len(found)
    for entry in found:
        datetime.fromisoformat(entry["updated"])
    return found


def test_the_feed_lists_the_releases_that_are_kept(velm: Path) -> None:
    archive = kg.open(velm)
    with running.serving(archive) as url:
        new, old = entries(httpx.get(f"{url}/feed.atom"))
        assert new["title"] == f"Release {archive.manifest.id}, edition 2 <&>"
        assert new["id"] == f"{velmora.BASE}dataset#release-{archive.manifest.id}"
        assert (old["updated"], new["updated"]) == ("1991-05-02T00:00:00Z", "1991-06-01T00:00:00Z")
        assert f"{archive.manifest.counts['claims']} claims" in new["content"]
        etag = httpx.get(f"{url}/feed.atom").headers["etag"]
        assert httpx.get(f"{url}/feed.atom", headers={"If-None-Match": etag}).status_code == 304


def test_a_release_that_lies_alone_is_its_own_feed(velm: Path, tmp_path: Path) -> None:
    place = kg.open(velm).directory
    assert place
    with running.serving(kg.open(shutil.copytree(place, tmp_path / "alone"))) as url:
        assert len(entries(httpx.get(f"{url}/feed.atom"))) == 1


def test_a_title_with_what_xml_has_not(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text("<urn:a> <urn:b> <urn:c> .")
    project = Project.adhoc([tmp_path / "a.ttl"], title="a\x01<b>\ufffe")
    building.build(project, tmp_path / "out")
    with running.serving(kg.open(tmp_path / "out")) as url:
        answer = httpx.get(f"{url}/feed.atom")
        (entry,) = entries(answer)
        assert entry["updated"].startswith(str(datetime.now(UTC).year))
        assert "&lt;b&gt;" in answer.text


# ---------------------------------------------------------------------- security.txt

SECURITY = '[security]\ncontact = ["mailto:security@archive.example", "https://archive.example/report"]\nexpires = "{}"\n'


def test_security_txt(archive: kg.Archive) -> None:
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    app = create_app(archive, security=Security(("mailto:security@archive.example",), tomorrow))
    with running.serving(archive, app=app) as url:
        answer = httpx.get(f"{url}/.well-known/security.txt")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.text.splitlines() == [
        "Contact: mailto:security@archive.example",
        f"Expires: {tomorrow}T23:59:59Z",
        "Preferred-Languages: en, hy, ru",
        "Canonical: https://attest.example/.well-known/security.txt",
    ]


def test_no_security_txt_where_nobody_is_named_or_the_day_is_past(
    archive: kg.Archive, client: httpx.Client
) -> None:
    answer = client.get("/.well-known/security.txt")
    assert (answer.status_code, answer.text.splitlines()[0]) == (
        404,
        "this server names nobody to tell of a weakness",
    )
    app = create_app(archive, security=Security(("mailto:a@b.example",), date(2020, 1, 1)))
    with running.serving(archive, app=app) as url:
        answer = httpx.get(f"{url}/.well-known/security.txt")
    assert answer.status_code == 404
    assert "until 2020-01-01" in answer.text


def test_security_is_read_from_kg_toml(tmp_path: Path) -> None:
    toml = tmp_path / "kg.toml"
    toml.write_text((ROOT / "kg.toml").read_text() + SECURITY.format("2027-01-31"))
    expected = Security(
        ("mailto:security@archive.example", "https://archive.example/report"), date(2027, 1, 31)
    )
    assert settings.read(toml).security == settings.read_security(toml) == expected
    assert settings.read_security(ROOT / "kg.toml") is None


def test_the_command_serves_the_security_of_its_project(velm: Path, tmp_path: Path) -> None:
    root = shutil.copytree(velm, tmp_path / "project")
    with (root / "kg.toml").open("a") as toml:
        toml.write(SECURITY.format(datetime.now(UTC).date()))
    command = [sys.executable, "-m", "kg", "serve", root, "--port", "8730"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as server:
        try:
            assert server.stdout
            url = next(line.split()[2] for line in server.stdout if line.startswith("serving on"))
            answer = httpx.get(f"{url}.well-known/security.txt")
        finally:
            server.terminate()
    assert "Contact: https://archive.example/report" in answer.text.splitlines()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[security]\ncontact = ["security@archive.example"]\nexpires = "2027-01-31"\n', "each with its scheme"),
        ('[security]\ncontact = ["mailto:a@b\\nX: y"]\nexpires = "2027-01-31"\n', "each with its scheme"),
        ('[security]\ncontact = []\nexpires = "2027-01-31"\n', "each with its scheme"),
        ('[security]\ncontact = ["mailto:a@b.example"]\n', "expires"),
        ('[security]\ncontact = ["mailto:a@b.example"]\nexpires = "soon"\n', "has to be a day"),
        ('[security]\ncontact = ["mailto:a@b.example"]\nexpires = "2027-01-31"\nkey = 1\n', "'security.key' is unknown"),
    ],
)  # fmt: skip
def test_a_wrong_security_is_refused_at_its_line(tmp_path: Path, text: str, said: str) -> None:
    toml = tmp_path / "kg.toml"
    toml.write_text((ROOT / "kg.toml").read_text() + text)
    with pytest.raises(ProjectError, match=said) as caught:
        settings.read(toml)
    assert "kg.toml:" in str(caught.value)


# ---------------------------------------------------------------------- health


def test_health_counts_the_store(client: httpx.Client, hostile: httpx.Client, archive: kg.Archive) -> None:
    answer = client.get("/health")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    quads = archive.manifest.counts["quads"]
    assert answer.json() == {"status": "ok", "release": archive.manifest.id, "quads": quads, "expected": quads, "running": 0, "waiting": 0}  # fmt: skip
    assert hostile.get("/health").json()["status"] == "ok"


@pytest.mark.parametrize("default_graph", ["union", "strict"])
def test_health_tells_of_graphs_without_names(tmp_path: Path, default_graph: Any) -> None:
    text = "<urn:a> <urn:p> 1 . _:g { <urn:a> <urn:p> 2 } _:h { <urn:a> <urn:p> 3 , 4 } <urn:g> { <urn:a> <urn:p> 1 }"
    archive = running.release(tmp_path, text, base="http://data.example/", default_graph=default_graph)
    with running.serving(archive) as url:
        assert httpx.get(f"{url}/health").json()["quads"] == 5
        assert httpx.get(f"{url}/health").status_code == 200


def test_a_store_that_is_not_the_release_is_unwell(archive: kg.Archive) -> None:
    entities, meta = archive.base.graph("entities"), archive.base.graph("meta")
    quads = list(archive.quads())
    dropped = [quad for quad in quads if quad.graph_name == ox.NamedNode(entities)][:3]
    added = ox.Quad(ox.NamedNode("urn:a"), ox.NamedNode("urn:p"), ox.NamedNode("urn:o"), ox.NamedNode(meta))
    store = EmbeddedStore.of([quad for quad in quads if quad not in dropped] + [added])
    other = kg.Archive(store, archive.manifest, archive.catalog, archive.directory)
    with running.serving(other) as url:
        answer = httpx.get(f"{url}/health")
    assert answer.status_code == 503
    state = answer.json()
    assert state["status"] == "fail"
    assert state["quads"] == state["expected"] - 2
    assert {graph: each["quads"] - each["expected"] for graph, each in state["graphs"].items()} == {
        entities: -3,
        meta: 1,
    }


def test_a_store_that_does_not_answer_is_unwell(archive: kg.Archive) -> None:
    other = kg.Archive(archive._store, replace(archive.manifest), archive.catalog, archive.directory)
    app = create_app(other)

    class Broken(EmbeddedStore):
        def query(self, *_: object, **__: object) -> Any:
            raise kg.StoreError("the disk is gone")

    other._store = Broken(ox.Store())
    with running.serving(other, app=app) as url:
        answer = httpx.get(f"{url}/health")
    assert answer.status_code == 503
    assert answer.json()["reason"] == "the store does not answer: the disk is gone"


# ---------------------------------------------------------------------- metrics


@pytest.fixture
def measured(archive: kg.Archive) -> Iterator[httpx.Client]:
    with running.serving(archive) as url, httpx.Client(base_url=url) as client:
        yield client


def samples(client: httpx.Client) -> dict[tuple[str, ...], float]:
    answer = client.get("/metrics")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_requests_are_counted_by_route_method_and_status(measured: httpx.Client, archive: kg.Archive) -> None:
    for path in ("/event/baku-1990-01", "/place/baku.ttl", "/nowhere", "/queries/day", "/queries/day.csv?day=1990-01-15", "/queries/day?x=1", "/queries/no-such-question"):  # fmt: skip
        measured.get(path)
    measured.request("PROPFIND", "/")
    measured.put("/queries/anything-at-all")
    measured.options("/sparql")
    measured.head("/")
    measured.get("/sparql", params={"query": "ASK {}"})
    found = samples(measured)
    requests = {key[1:]: value for key, value in found.items() if key[0] == "kg_http_requests_total"}
    assert requests == {
        ("GET", "/{path}", "200"): 2,
        ("GET", "/{path}", "404"): 1,
        ("GET", "/queries/{name}", "200"): 2,
        ("GET", "/queries/{name}", "400"): 1,
        ("GET", "/queries/{name}", "404"): 1,
        ("GET", "/sparql", "200"): 1,
        ("HEAD", "/", "200"): 1,
        ("PUT", "/queries/{name}", "405"): 1,
        ("OPTIONS", "none", "204"): 1,
        ("other", "/", "405"): 1,
    }
    assert {key[1:]: value for key, value in found.items() if key[0] == "kg_questions_total"} == {("day", "200"): 2, ("day", "400"): 1}  # fmt: skip
    assert found["kg_http_request_duration_seconds_bucket", "+Inf", "/sparql"] == 1
    assert found["kg_http_request_duration_seconds_sum", "/sparql"] > 0
    assert found["kg_http_requests_in_progress",] == 1
    assert found["kg_sparql_running",] == 0
    assert found["kg_release_quads",] == archive.manifest.counts["quads"]
    assert any(key[0] == "kg_release_info" and archive.manifest.id in key for key in found)
    assert found["process_resident_memory_bytes",] > 1_000_000


def test_metrics_as_openmetrics_and_apart_for_each_server(measured: httpx.Client) -> None:
    accept = "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5"
    answer = measured.get("/metrics", headers={"Accept": accept})
    assert answer.headers["content-type"].startswith("application/openmetrics-text")
    assert answer.text.endswith("# EOF\n")
    assert answer.headers["cache-control"] == "no-store"
    again = samples(measured)
    assert [key for key in again if key[0] == "kg_http_requests_total"] == [("kg_http_requests_total", "GET", "/metrics", "200")]  # fmt: skip


def test_what_fails_inside_is_counted(archive: kg.Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("inside")

    with running.serving(archive) as url, httpx.Client(base_url=url) as client:
        monkeypatch.setattr("kg.web.feed.kept", fail)
        assert client.get("/feed.atom").status_code == 500
        assert samples(client)["kg_http_requests_total", "GET", "/feed.atom", "500"] == 1


def test_names_of_the_manifest_are_not_labels_of_anything_else(velm: Path) -> None:
    archive = kg.open(velm)
    assert isinstance(archive.manifest, Manifest)
    with running.serving(archive) as url:
        text = httpx.get(f"{url}/metrics").text
    (line,) = [line for line in text.splitlines() if line.startswith("kg_release_info")]
    labels = dict(re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', line))
    assert labels["edition"] == "2 <&>"
    assert json.loads(f'"{labels["id"]}"') == archive.manifest.id
