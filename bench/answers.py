"""Measures how late ``kg serve`` answers on a made archive: every question of its catalogue, lists, facets, search, documents, pages (``make bench-answers``).

Each address is asked once over loopback, one after the other, so that no answer was kept from before; what it asks for is drawn, seeded,
from the lists of the release. An archive of our own model (``archive_graphs``, no fault planted) is made where ``--release`` names none.
``--write`` puts the table into docs/benchmarks.md and all figures into docs/benchmarks-answers.json.
"""

from __future__ import annotations

import argparse
import http.client
import json
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import document
from answering import Kind, Known, kinds, made
from serve import machine

import kg
from kg.store.embedded import IN_MEMORY
from pages import served

ROOT: Final = Path(__file__).resolve().parent.parent
RESULTS: Final = ROOT / "docs" / "benchmarks-answers.json"
PART: Final = "bench/answers.py"
AIM: Final = 200.0
"""Milliseconds under which the median of every kind has to stay."""


@dataclass(frozen=True, slots=True)
class Timed:
    """What was measured of a kind of answer: milliseconds at the median and at worst, the median of bytes, and what failed."""

    group: str
    name: str
    addresses: int
    p50: float
    worst: float
    bytes: int
    failed: str = ""


def timed(kind: Kind, port: int) -> Timed:
    """Ask every address of *kind* once, by one connection."""
    times, sizes, failed = [], [], ""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    for address in kind.addresses:
        begun = time.perf_counter()
        connection.request("GET", address, headers={"Accept": "text/html"})
        answer = connection.getresponse()
        body = answer.read()
        times.append(1000 * (time.perf_counter() - begun))
        sizes.append(len(body))
        if answer.status != http.client.OK:
            failed = f"{address}: {answer.status}"
    connection.close()
    return Timed(
        kind.group,
        kind.name,
        len(kind.addresses),
        statistics.median(times),
        max(times),
        int(statistics.median(sizes)),
        failed,
    )


def table(found: list[Timed], quads: int, where: str) -> str:
    """Give the page's part about *found*."""
    over = [f"{each.name} ({each.p50:.0f} ms)" for each in found if each.p50 >= AIM]
    medians = [each.p50 for each in found]
    aim = f"Aim: under {AIM:.0f} ms at the median of every kind. " + (
        f"Missed by {len(over)} of {len(found)}: {', '.join(over)}." if over else "Met by every kind."
    )
    return "\n".join(
        [
            "## Answers at scale\n",
            f"{machine()} {quads:,} quads of a made archive, answered from a store {where}. Every address is asked once, one after the other, so no",
            "answer was kept; `by …` are questions with that parameter, `whole` those without any, each form of the answer asked once.\n",
            "| kind | answer | addresses | p50 | worst | bytes |",
            "|---|---|--:|--:|--:|--:|",
            *(
                f"| {each.group} | {each.name} | {each.addresses} | {each.p50:.0f} ms | {each.worst:.0f} ms | {each.bytes:,} |"
                for each in found
            ),
            f"\nThe median of all kinds is {statistics.median(medians):.0f} ms. {aim}",
            *(f"\nFailed: {each.failed}" for each in found if each.failed),
        ]
    )


def measured(known: Known, port: int, only: str) -> Iterator[Timed]:
    """Measure each kind of answer whose group and name (``list: events, first page``) have *only* in them, of the server at *port*."""
    for kind in kinds(known):
        if kind.addresses and only in f"{kind.group}: {kind.name}":
            yield timed(kind, port)


def main() -> None:
    """Measure, print, and write where asked."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--write", action="store_true", help="put the results into docs/")
    parser.add_argument("--work", type=Path, default=ROOT / ".bench", help="(default: .bench)")
    parser.add_argument("--quads", type=int, default=1_000_000, help="of the archive that is made")
    parser.add_argument(
        "--release", type=Path, metavar="DIR", help="the release to ask, instead of one that is made"
    )
    parser.add_argument("--only", default="", metavar="WORD", help="kinds of answer with this word only")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there too")
    arguments = parser.parse_args()
    directory = arguments.release or made(arguments.work.resolve(), arguments.quads)
    archive = kg.open(directory)
    quads = archive.manifest.counts["quads"]
    found = []
    with served(directory) as (port, _):
        timed(Kind("page", "home", ("/",)), port)  # what is read once is read
        for each in measured(Known(archive), port, arguments.only):
            found.append(each)
            print(f"{each.name}: {each.p50:.0f} ms {each.failed}", file=sys.stderr, flush=True)
    text = table(found, quads, "in memory" if quads <= IN_MEMORY else "on disk")
    print(text)
    results = {"machine": machine(), "quads": quads, "answers": [asdict(each) for each in found]}
    for path in filter(None, (arguments.json, RESULTS if arguments.write else None)):
        path.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    if arguments.write:
        document.put(PART, text)


if __name__ == "__main__":
    main()
