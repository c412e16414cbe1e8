"""Write an archive of our own model with faults planted in it, and the list of what was planted.

``python bench/archive.py 1000000 -o made.nq`` writes N-Quads, and ``made.planted.jsonl`` beside it; ``--project DIR`` writes a project
with Turtle for each source instead. See :mod:`archive_graphs`.
"""

from __future__ import annotations

import argparse
import resource
import time
from pathlib import Path

from archive_graphs import SEED, SHARE, Archive
from archive_graphs.writing import TRUTH, write_project, write_quads


def main() -> None:
    """Write an archive, and say how long it took and how much memory."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("number", type=int, help="of quads")
    parser.add_argument("--seed", type=int, default=SEED, help=f"(default: {SEED})")
    parser.add_argument(
        "--share",
        type=float,
        default=SHARE,
        help=f"faults for each subject; 0 plants none (default: {SHARE:g})",
    )
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("-o", "--output", type=Path, help="the file of N-Quads to write")
    where.add_argument("--project", type=Path, metavar="DIR", help="the project to write, a new directory")
    arguments = parser.parse_args()
    archive = Archive(arguments.number, arguments.seed, arguments.share)
    begun = time.perf_counter()
    if arguments.project:
        written, target, truth = write_project(archive, arguments.project), arguments.project, TRUTH
    else:
        target = arguments.output
        beside = target.with_suffix(".planted.jsonl")
        written, truth = write_quads(archive, target, beside), beside.name
    seconds = time.perf_counter() - begun
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    digest = f", SHA-256 {written.digest}" if written.digest else ""
    print(f"{target}: {written.quads:,} quads{digest}; {truth}: {written.results:,} results to be found")
    print(f"{written.quads / seconds:,.0f} quads/s, at most {memory:.0f} MiB")


if __name__ == "__main__":
    main()
