"""Times what Attest does beside a peer in the same run, and prints medians and ratios (``make bench``).

Each row runs our way and the peer's in turn, five times over, on the current release of this checkout. Figures of
different machines cannot be compared; ratios can. ``--write`` puts the table into docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import io
import platform
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import document
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
    lines += ["", "| command, in a process of its own | median s | peak memory, MiB |", "|---|---|---|"]
    for arguments in COMMANDS:
        measured = [command(*arguments) for _ in range(REPEATS)]
        seconds, memory = (statistics.median(column) for column in zip(*measured, strict=True))
        lines.append(f"| `kg {' '.join(arguments)}` | {seconds:.2f} | {memory:.0f} |")
    lines += ["", f"Python {platform.python_version()}, {platform.machine()}."]
    return "\n".join(lines)


COMMANDS = (
    ("build",),
    ("query", "claims-by-measure"),
    ("why", "event:baku-1990-01"),
    ("export", "--format", "ttl"),
)


_STARTER = """import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
"""Starts a command from a small process: what a child counts as its peak begins with that of the process it is forked from."""


def command(*arguments: str) -> tuple[float, float]:
    """Give the seconds and the MiB at most that ``kg`` with *arguments* takes."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-S", "-c", _STARTER, sys.executable, "-m", "kg", *arguments],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return time.perf_counter() - start, int(done.stdout) / 1024


def counts(archive: kg.Archive) -> list[str]:
    """Give what the release holds: claims by kind and by claimant, quads by graph."""
    claims = archive.claims()
    columns = (
        ("claims by kind", Counter(claim.kind for claim in claims)),
        ("claims by claimant", Counter(archive.label(claim.claimant) for claim in claims)),
        (
            "quads by graph",
            Counter(quad.graph_name.value.rpartition("/graph/")[2] for quad in archive.quads()),
        ),
    )
    held = ", ".join(f"{number:,} {kind}" for kind, number in archive.manifest.counts.items())
    lines = ["## What was measured", "", f"The release holds {held}."]
    for title, counter in columns:
        lines += ["", f"| {title} | |", "|---|---|"]
        lines += [
            f"| {name} | {number:,} |"
            for name, number in sorted(counter.items(), key=lambda pair: (-pair[1], pair[0]))
        ]
    return lines


def main() -> None:
    """Print the table, and write it where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    held = "\n".join(counts(kg.open()))
    measured = f"{table()}\n\n{isolation.table()}\n\n{held}"
    print(measured)
    if parser.parse_args().write:
        document.put(
            "bench/run.py",
            f"Made with `make bench`, medians of {REPEATS}, both sides in the same run.\n\n{measured}",
        )


if __name__ == "__main__":
    main()
