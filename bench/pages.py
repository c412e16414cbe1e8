"""Measures the pages of ``kg serve`` on a million made quads: how late each type of page is, and how many bytes it has (``make bench-pages``).

Each address is asked once, so that no answer was kept from before. In the same run the listings are asked of pyoxigraph by SPARQL, on
the same release: the members in the order of their labels, and the number of members of each value. A type of page is a row of
:data:`PAGES`; another is one more row. ``--write`` puts the table into docs/benchmarks.md and all figures into docs/benchmarks-pages.json.
"""

from __future__ import annotations

import argparse
import gzip
import http.client
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Final
from urllib.parse import quote

import document
import generator
import pyoxigraph as ox
from serve import machine

import kg
from kg import metadata, release
from kg.listing import Lists
from kg.listing.writing import VERSION
from kg.names import KG, SOURCE_BASE, Base

ROOT: Final = Path(__file__).resolve().parent.parent
RESULTS: Final = ROOT / "docs" / "benchmarks-pages.json"
AIM: Final = 200.0
"""Milliseconds under which the median of every type has to stay."""
TIMES: Final = 20
"""Addresses of each type."""
PART: Final = "bench/pages.py"


@dataclass(frozen=True, slots=True)
class Known:
    """What addresses are made of: the lists of the release, and chance."""

    lists: Lists
    random: Random

    def some(self, name: str, times: int = TIMES) -> list[str]:
        """Give paths of documents about members of the list *name*, spread over all of it."""
        listing = self.lists.find(name)
        whole = listing.select()
        starts = [self.random.randrange(listing.total) for _ in range(times)]
        iris = [row.iri for start in starts for row in whole.page(start, 1, "label")]
        return [f"/{iri.removeprefix(SOURCE_BASE + 'id/')}" for iri in iris]

    def labels(self, name: str, times: int = TIMES) -> list[str]:
        """Give labels of members of the list *name*."""
        listing = self.lists.find(name)
        whole = listing.select()
        return [
            row.label
            for _ in range(times)
            for row in whole.page(self.random.randrange(listing.total), 1, "label")
        ]

    def compared(self) -> list[str]:
        """Give paths of events of which a number of dead is claimed."""
        chosen = self.lists.find("claims").select({"measure": ["deaths"]})
        (about,) = (each for each in chosen.counted(TIMES) if each.facet.name == "about")
        return [f"/event/{value.name}" for value in about.values[:TIMES]]

    def values(self, name: str, facet: str, times: int = TIMES) -> list[str]:
        """Give names of values of a facet."""
        listing = self.lists.find(name)
        names = listing.names(next(each for each in listing.facets if each.name == facet))
        return [self.random.choice(names) for _ in range(times)]

    def all(self, name: str) -> list[str]:
        """Give the first pages of the list *name*."""
        last = -(-self.lists.find(name).total // 50)
        return [f"/{name}?page={page}" for page in range(1, min(last, TIMES) + 1)]

    def pages(self, name: str, times: int = TIMES) -> list[int]:
        """Give numbers of pages in the last tenth of the list *name*."""
        last = -(-self.lists.find(name).total // 50)
        return [max(1, last - self.random.randrange(1 + last // 10)) for _ in range(times)]


@dataclass(frozen=True, slots=True)
class Page:
    """A type of page: its name, and addresses of it; ``peer`` is the same as SPARQL queries, for listings."""

    name: str
    addresses: Callable[[Known], list[str]]
    peer: tuple[str, ...] = ()


_PREFIXES: Final = (
    "PREFIX kg: <https://w3id.org/attest/ns#> PREFIX schema: <https://schema.org/> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> "
    "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
)


def _members(kind: str, key: str, offset: int = 0, filter: str = "") -> str:
    return f"SELECT DISTINCT ?it ?key WHERE {{ ?it a {kind} ; {key} ?key {filter} }} ORDER BY ?key ?it LIMIT 50 OFFSET {offset}"


def _values(kind: str, property: str, filter: str = "") -> str:
    return f"SELECT ?x (COUNT(DISTINCT ?it) AS ?n) WHERE {{ ?it a {kind} ; {property} ?x {filter} }} GROUP BY ?x ORDER BY DESC(?n)"


_CLAIMED: Final = ("rdf:type", "rdf:predicate", "kg:claimant", "kg:asOfLatest", "kg:comparator", "kg:status")
_SHOWN: Final = ("kg:dateline", "kg:creditedAgency")

PAGES: Final = (
    Page("first page", lambda known: [f"/?{number}" for number in range(TIMES)]),
    Page("index of lists", lambda known: ["/list"]),
    Page("photographs", lambda known: ["/photographs"], (_members("schema:Photograph", "rdfs:label"), *(_values("schema:Photograph", each) for each in _SHOWN))),
    Page("photographs, last pages", lambda known: [f"/photographs?page={page}" for page in known.pages("photographs")], (_members("schema:Photograph", "rdfs:label", 4000), *(_values("schema:Photograph", each) for each in _SHOWN))),
    Page("photographs of a day", lambda known: [f"/photographs?dateline-day={day}" for day in known.values("photographs", "dateline-day")]),
    Page("claims", lambda known: ["/claims"], (_members("kg:Claim", "kg:asOfLatest"), *(_values("kg:Claim", each) for each in _CLAIMED))),
    Page("claims, last pages", lambda known: [f"/claims?page={page}" for page in known.pages("claims")], (_members("kg:Claim", "kg:asOfLatest", 42_000), *(_values("kg:Claim", each) for each in _CLAIMED))),
    Page("claims of a speaker and kind", lambda known: [f"/claims?claimant=agency-{1 + number % 4}&kind={kind}Claim" for number in range(5) for kind in ("Quantity", "Relation", "Date", "Naming")],
        (_members("kg:QuantityClaim", "kg:asOfLatest", 0, "; kg:claimant <https://attest.example/baku-1990/id/org/agency-1>"), *(_values("kg:QuantityClaim", each, "; kg:claimant <https://attest.example/baku-1990/id/org/agency-1>") for each in _CLAIMED))),
    Page("claims by a day", lambda known: [f"/claims?as-of={day}" for day in known.values("claims", "as-of-day")]),
    Page("claims, as CSV", lambda known: [f"/claims.csv?about={event}" for event in known.values("claims", "about")]),
    Page("list of a class", lambda known: ["/list?class=kg:Caption", "/list?class=kg:RelationClaim", "/list?class=schema:Photograph", "/list?class=kg:Claim"]),
    Page("events", lambda known: known.all("events")),
    Page("people", lambda known: known.all("people")),
    Page("places", lambda known: known.all("places")),
    Page("an event", lambda known: known.some("events")),
    Page("a person", lambda known: known.some("people")),
    Page("a place", lambda known: known.some("places")),
    Page("a photograph", lambda known: known.some("photographs")),
    Page("a claim", lambda known: known.some("claims")),
    Page("a source", lambda known: known.some("sources")),
    Page("figures of an event", lambda known: [f"{path}/claims" for path in known.some("events")]),
    Page("figures of an event, compared", lambda known: [f"{path}/claims/deaths" for path in known.compared()]),
    Page("days", lambda known: ["/timeline", *(f"/timeline?as-of={day}" for day in known.values("claims", "as-of-day"))]),
    Page("map", lambda known: ["/map", *(f"/map?as-of={day}" for day in known.values("claims", "as-of-day"))]),
    Page("search", lambda known: [f"/search?q={quote(label)}" for label in known.labels("people")]),
    Page("search, misspelled", lambda known: [f"/search?q={quote(label[:2] + label[3:])}" for label in known.labels("people")]),
)  # fmt: skip
"""The types of page. The peer asks for what the lists have of the same class: its members in order, and the values of each property."""


@dataclass(slots=True)
class Timed:
    """What was measured of a type of page: medians of milliseconds and of bytes, the last in gzip too; ``cpu`` is what the server worked for a page, on average."""

    name: str
    addresses: int
    p50: float
    worst: float
    cpu: float
    bytes: int
    gzip: int
    peer: float | None = None
    failed: str = ""


def made(work: Path, number: int) -> Path:
    """Give the release of an archive of *number* made quads with the ontology, of the profile ``attest``, made where it is not there.

    It is not validated: SHACL would take long, and no page depends on it.
    """
    by = sha256(Path(generator.__file__).read_bytes()).hexdigest()[:8]
    out = work / f"pages-{number}-{by}-{VERSION}"
    if not (out / "CURRENT").exists():
        lines = "".join(generator.quads(number)).encode()
        quads = [*ox.parse(lines, format=ox.RdfFormat.N_QUADS), *_ontology()]
        quads += [_captured(quad) for quad in quads if quad.predicate.value == KG + "textDigest"]
        queries = {
            f"queries/{path.name}": path.read_bytes() for path in sorted((ROOT / "queries").glob("*.rq"))
        }
        contents = release.Contents(
            title="A generated archive", base=Base(), quads=quads, profiles=("attest",), files=queries, downloads=(), date="2026-01-01"
        )  # fmt: skip
        release.write(out, metadata.described(contents))
    directory = kg.open(out).directory
    assert directory is not None
    return directory


def _captured(quad: ox.Quad) -> ox.Quad:
    """Give the digest of a text as it was captured, which a page of a claim asks for and the generator does not write."""
    return ox.Quad(quad.subject, ox.NamedNode(KG + "capturedDigest"), quad.object, quad.graph_name)


def _ontology() -> Iterator[ox.Quad]:
    graph = ox.NamedNode(Base().graph("vocab"))
    for path in sorted((ROOT / "ontology").rglob("*.ttl")):
        if "shapes" not in path.parts:
            for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
                yield ox.Quad(quad.subject, quad.predicate, quad.object, graph)


@contextmanager
def served(directory: Path) -> Iterator[tuple[int, int]]:
    """Serve the release in *directory*, and give the port and the process."""
    command = [sys.executable, "-m", "kg", "serve", str(directory), "--port", "8790"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield _port(process), process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _port(process: subprocess.Popen[str]) -> int:
    for stream in (process.stderr, process.stdout):
        assert stream is not None
        os.set_blocking(stream.fileno(), False)
    until = time.monotonic() + 300
    while time.monotonic() < until and process.poll() is None:
        for stream in (process.stderr, process.stdout):
            assert stream is not None
            for line in stream:
                if found := re.search(r"http://[\d.]+:(\d+)", line):
                    return int(found[1])
        time.sleep(0.1)
    raise SystemExit("kg serve does not start")


def _worked(pid: int) -> float:
    """Give the milliseconds that the process *pid* has worked so far (proc(5), on Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return 1000 * (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def timed(page: Page, port: int, pid: int, known: Known) -> Timed:
    """Ask for every address of *page* once, by one connection, of the server that is the process *pid*."""
    addresses = list(dict.fromkeys(page.addresses(known)))
    times, sizes, packed, failed = [], [], [], ""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    worked = _worked(pid)
    for address in addresses:
        begun = time.perf_counter()
        connection.request("GET", address, headers={"Accept": "text/html"})
        answer = connection.getresponse()
        body = answer.read()
        times.append(1000 * (time.perf_counter() - begun))
        sizes.append(len(body))
        packed.append(len(gzip.compress(body)))
        if answer.status != http.client.OK:
            failed = f"{address}: {answer.status}"
    return Timed(
        page.name, len(addresses), statistics.median(times), max(times), (_worked(pid) - worked) / len(addresses), int(statistics.median(sizes)), int(statistics.median(packed)), failed=failed
    )  # fmt: skip


def asked(page: Page, archive: kg.Archive) -> float | None:
    """Give the milliseconds that pyoxigraph takes for what the peer of *page* asks, the median of three; None where it asks nothing."""
    if not page.peer:
        return None
    times = []
    for _ in range(3):
        begun = time.perf_counter()
        for query in page.peer:
            archive.store.query(_PREFIXES + query, union=True)
        times.append(1000 * (time.perf_counter() - begun))
    return statistics.median(times)


def table(found: list[Timed], quads: int, size: int) -> str:
    """Give the page's part about *found*."""
    rows = [
        "| page | addresses | p50 | worst | work | bytes | gzip | by SPARQL |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
        *(
            f"| {each.name} | {each.addresses} | {each.p50:.0f} ms | {each.worst:.0f} ms | {each.cpu:.0f} ms | {each.bytes:,} | {each.gzip:,} | "
            f"{'' if each.peer is None else f'{each.peer:,.0f} ms'} |"
            for each in found
        ),
    ]
    over = [f"{each.name} ({each.p50:.0f} ms)" for each in found if each.p50 >= AIM]
    failed = [each.failed for each in found if each.failed]
    aim = f"Aim: under {AIM:.0f} ms at the median. " + (
        f"Missed: {', '.join(over)}." if over else "Met by every type of page."
    )
    return "\n".join(
        [
            "## Pages and lists\n",
            f"{machine()} {quads:,} quads, `lists.sqlite` has {size / 1e6:.0f} MB. Every address is asked once, one after the other, so no answer was kept;",
            "*work* is what the server's process took of a processor for a page, whatever else the machine did; *by SPARQL* is what pyoxigraph takes, in the same run and on the same release, for the members of the class in order and the values of",
            "its properties, without making a page of them.\n",
            *rows,
            f"\n{aim}",
            *(f"\nFailed: {each}" for each in failed),
        ]
    )


def main() -> None:
    """Measure, print, and write where asked."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--write", action="store_true", help="put the results into docs/")
    parser.add_argument("--work", type=Path, default=ROOT / ".bench", help="(default: .bench)")
    parser.add_argument("--quads", type=int, default=1_000_000, help="of the generated archive")
    parser.add_argument(
        "--only", action="append", choices=[page.name for page in PAGES], help="these types of page only"
    )
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    directory = made(arguments.work.resolve(), arguments.quads)
    archive = kg.open(directory)
    assert archive.lists is not None
    pages = [page for page in PAGES if not arguments.only or page.name in arguments.only]
    known = Known(archive.lists, Random(generator.SEED))  # noqa: S311 - nothing secret
    found = []
    with served(directory) as (port, pid):
        timed(PAGES[0], port, pid, known)  # what is read once is read
        for page in pages:
            found.append(timed(page, port, pid, known))
            print(
                f"{page.name}: {found[-1].p50:.0f} ms, {found[-1].cpu:.0f} ms of work {found[-1].failed}",
                file=sys.stderr,
            )
    for page, each in zip(pages, found, strict=True):
        each.peer = asked(page, archive)
    quads = archive.manifest.counts["quads"]
    size = (directory / "lists.sqlite").stat().st_size
    text = table(found, quads, size)
    print(text)
    if arguments.write:
        document.put(PART, text)
        results = {
            "machine": machine(),
            "quads": quads,
            "lists_bytes": size,
            "pages": [asdict(each) for each in found],
        }
        RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
