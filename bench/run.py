"""Times what Attest does beside a peer in the same run, and prints medians and ratios (``make bench``).

Each row runs our way and the peer's in turn, five times over, on the current release of this checkout. Figures of
different machines cannot be compared; ratios can. ``--write`` puts the table into docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import io
import platform
import resource
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import isolation
import pyoxigraph as ox
from rdflib import Dataset

import kg
from kg import deriving, evidence, loading, serialisation, shacl
from kg.formats import TURTLE
from kg.names import SOURCE_BASE, Base
from kg.project import Project

ROOT = Path(__file__).resolve().parent.parent
REPEATS = 5
Work = Callable[[], object]


def timed(work: Work) -> float:
    """Give the seconds that *work* takes, on a monotonic clock."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def rows() -> list[tuple[str, str, Work, str, Work]]:
    """Give (what, our way, its work, the peer, its work)."""
    release = kg.open().directory
    assert release is not None
    quads_file = release / "quads.nq"
    quads = list(ox.parse(path=str(quads_file)))
    base = Base(SOURCE_BASE)
    archive = kg.open(release)
    text = archive.catalog.find("claims-by-measure").bind({}, archive.base)
    union = shacl.union(quads)
    data = Dataset(default_union=True)
    data.parse(quads_file, format="nquads")

    def ours_turtle() -> None:
        serialisation.write(quads, TURTLE, io.BytesIO(), prefixes=base.prefixes())

    def with_rdflib_load() -> None:
        Dataset().parse(quads_file, format="nquads")

    return [
        (
            "open a release",
            "kg.open",
            lambda: len(list(kg.open(release).quads())),
            "rdflib parse",
            with_rdflib_load,
        ),
        (
            "claims of a measure, query",
            "kg",
            lambda: archive.answer(text),
            "rdflib",
            lambda: list(data.query(text)),
        ),
        ("write Turtle", "kg", ours_turtle, "rdflib", lambda: union.serialize(format="turtle")),
    ]


def alone() -> list[tuple[str, Work]]:
    """Give (what, its work) for steps that have no peer of their own here; the peer is the whole build."""
    project = Project.open(ROOT)
    loaded = loading.load(project).quads
    shapes = shacl.shapes([(path.name, path.read_bytes()) for path in project.shape_files()], project.base)
    derived = deriving.derive(loaded, project.base)
    steps: list[tuple[str, Work]] = [
        ("load", lambda: loading.load(project)),
        ("derive", lambda: deriving.derive(loaded, project.base)),
        ("validate (SHACL)", lambda: shacl.validate(loaded + derived, shapes, project.base)),
    ]
    copy = ROOT.parent / "shared" / "seed" / "article.txt"
    if copy.is_file():
        data, archive = copy.read_bytes(), kg.open()
        steps.append(("verify a copy of the page", lambda: archive.verify(data)))
        steps.append(("read that copy only", lambda: evidence.Copy.read(data)))
    return steps


def table() -> str:
    """Run everything and give the figures as Markdown."""
    lines = ["| what | ours, median s | peer, median s | peer / ours |", "|---|---|---|---|"]
    for what, our_name, ours, peer_name, peer in rows():
        pairs = [(timed(ours), timed(peer)) for _ in range(REPEATS)]
        our, other = (statistics.median(column) for column in zip(*pairs, strict=True))
        lines.append(f"| {what} | {our_name} {our:.4f} | {peer_name} {other:.4f} | {other / our:.1f} |")
    lines += ["", "| step of a build | median s |", "|---|---|"]
    for what, work in alone():
        lines.append(f"| {what} | {statistics.median(timed(work) for _ in range(REPEATS)):.3f} |")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    lines += [
        "",
        f"Peak memory of this run: {peak:.0f} MiB. Python {platform.python_version()}, {platform.machine()}.",
    ]
    return "\n".join(lines)


def main() -> None:
    """Print the table, and write it where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    measured = f"{table()}\n\n{isolation.table()}"
    print(measured)
    if parser.parse_args().write:
        page = ROOT / "docs" / "benchmarks.md"
        page.write_text(
            f"# Benchmarks\n\nMade with `make bench`, medians of {REPEATS}, both sides in the same run.\n\n{measured}\n"
        )


if __name__ == "__main__":
    main()
