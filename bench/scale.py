"""Measures this tool and its peers on made archives, in one run (``make bench-scale``): load, write, list, count, validate.

Three times each, wall time and peak memory with all children, answers and findings held against the truth. Peers written in Python get
environments of their own; Virtuoso is Debian's virtuoso-opensource-7-bin, TopBraid needs Java 17. Environments and archives are kept in
the directory that ``--work`` names. ``--write`` puts the tables into docs/benchmarks.md and all figures into docs/benchmarks-scale.json.
"""

from __future__ import annotations

import argparse
import cProfile
import io
import json
import platform
import pstats
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import document
from archive_graphs import SEED, SHARE
from scaling import report
from scaling.material import Material
from scaling.measuring import Measured, measure
from scaling.peers import OURS, PEERS, Peer

from kg import building
from kg.project import Project

ROOT: Final = Path(__file__).resolve().parent.parent
RESULTS: Final = ROOT / "docs" / "benchmarks-scale.json"
LIMIT: Final = 1200.0
PROFILED: Final = 10_000
"""Quads that are validated under the profiler, which takes several times as long."""
_SUFFIXES: Final = {"k": 1_000, "M": 1_000_000}


def sizes(text: str) -> list[int]:
    """Give the numbers of quads that *text* names: ``10k,1M``. Raises ValueError for others."""
    found = []
    for each in text.split(","):
        factor = _SUFFIXES.get(each.strip()[-1:], 1)
        found.append(int(each.strip().rstrip("kM")) * factor)
    return sorted(found)


def run(numbers: Sequence[int], peers: Sequence[Peer], work: Path, limit: float) -> list[Measured]:
    """Measure *peers* on an archive of each of *numbers*, the smallest first."""
    found: list[Measured] = []
    given_up: dict[tuple[str, str], str] = {}
    for number in numbers:
        material = Material.of(work, number)
        found += measure(peers, material, work, limit=limit, given_up=given_up)
    return found


def profile(material: Material) -> list[str]:
    """Give where the time of validating *material* goes: the functions that take most by themselves."""
    profiler = cProfile.Profile()
    profiler.runcall(building.validate, Project.open(material.project))
    out = io.StringIO()
    pstats.Stats(profiler, stream=out).strip_dirs().sort_stats("tottime").print_stats(15)
    lines = [line.rstrip() for line in out.getvalue().splitlines() if line.strip()]
    return [f"Of {material.number:,} quads, by `cProfile`, own time first:", "", "```", *lines, "```"]


def machine() -> str:
    """Give what it was measured on."""
    path = Path("/proc/cpuinfo")
    lines = path.read_text().splitlines() if path.exists() else []
    names = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    processors = f"{len(names)} × {names[0]}" if names else platform.machine()
    return f"Python {platform.python_version()}, {platform.system()}, {processors}."


def main() -> None:
    """Measure, print, and write where asked."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--sizes", type=sizes, default=sizes("10k,100k"), help="quads: 10k,1M (default: 10k,100k)"
    )
    parser.add_argument(
        "--only", action="append", choices=[peer.key for peer in PEERS], help="measure these tools only"
    )
    parser.add_argument(
        "--limit", type=float, default=LIMIT, help=f"seconds for one work (default: {LIMIT:.0f})"
    )
    parser.add_argument(
        "--work", type=Path, default=ROOT / ".bench" / "scale", help="(default: .bench/scale)"
    )
    parser.add_argument("--json", type=Path, help="put all figures into this file")
    parser.add_argument("--write", action="store_true", help="put the results into docs/")
    arguments = parser.parse_args()
    work = arguments.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    peers = [peer for peer in PEERS if not arguments.only or peer.key in arguments.only]
    found = report.Found(run(arguments.sizes, peers, work, arguments.limit))
    missed = [aim for aim in report.aims(found) if not aim.met]
    profiled = profile(Material.of(work, PROFILED)) if missed and OURS in peers else []
    versions = {peer.key: peer.version for peer in peers}
    text = report.page(found, versions, machine(), profiled)
    print(text)
    results = {
        "machine": machine(),
        "seed": SEED,
        "share": SHARE,
        "versions": versions,
        "aims": [aim.as_json() for aim in report.aims(found)],
        "measured": [each.as_json() for each in found.all],
        "profile": profiled,
    }
    written = [arguments.json] if arguments.json else []
    if arguments.write:
        document.put("bench/scale.py", text)
        written.append(RESULTS)
    for file in written:
        file.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
