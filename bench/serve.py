"""Measures ``kg serve`` beside other servers, on this collection and on a million made quads (``make bench-serve``).

In one run, each server started afresh: how many answers a second and how late they are, cold, uncached and repeated, alone and while
heavy queries run; every answer is compared with the truth first. What is slow to make (environments of the peers, the
release and the database of a million quads) is kept in the directory that ``--work`` names; remove it where a release of
another version cannot be opened.
``--write`` puts the tables into docs/benchmarks.md and all figures into docs/benchmarks-serve.json; ``--profile FILE`` does
nothing but profile our web process during look-ups.
"""

from __future__ import annotations

import argparse
import json
import platform
import shutil
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path
from typing import Final

import document
import generator
import profiling
import report
from measuring import Measured, measure
from peers import PEERS, Peer, Site
from workloads import Collection

import kg
from kg.names import SOURCE_BASE

ROOT: Final = Path(__file__).resolve().parent.parent
RESULTS: Final = ROOT / "docs" / "benchmarks-serve.json"

sys.path.insert(0, str(ROOT / "tests" / "web"))

from bombs import BOMBS  # noqa: E402 - what the tests send


def ours(site: Site) -> Collection:
    """Give this checkout's collection, its current release built anew where it is not there."""
    subprocess.run(
        [sys.executable, "-m", "kg", "build", "--quiet"], cwd=ROOT, check=True, capture_output=True
    )
    release = kg.open(ROOT).directory
    assert release is not None
    directory = site.directory / release.name
    return _loaded(directory, report.SMALL, "This collection", release)


def made(site: Site, number: int) -> Collection:
    """Give an archive of *number* quads, made and released where it is not there. It follows no profile: SHACL would take hours."""
    made_by = sha256(Path(generator.__file__).read_bytes()).hexdigest()[:8]
    directory = site.directory / f"made-{number}-{made_by}"  # what another generator made is not taken for it
    if not (directory / "out" / "CURRENT").exists():
        directory.mkdir(exist_ok=True)
        with (directory / "made.nq").open("w", encoding="utf-8", newline="\n") as out:
            generator.write(number, out)
        subprocess.run([sys.executable, "-c", _BUILD, "made.nq", "out"], cwd=directory, check=True)
    release = kg.open(directory / "out").directory
    assert release is not None
    return _loaded(directory, report.LARGE, "A generated archive", release)


_BUILD: Final = """import sys
from pathlib import Path
from kg import building
from kg.project import Project
building.build(Project.adhoc([Path(sys.argv[1])], title="A generated archive"), Path(sys.argv[2]), downloads=())
"""
"""``kg build --data FILE --profile none``, without the files for download, which no server reads."""


def _loaded(directory: Path, key: str, title: str, release: Path) -> Collection:
    """Give the collection of *release*, with a database of Oxigraph made in *directory* where it is not there."""
    database, copy, quads = directory / "database", directory / "copy", release / "quads.nq"
    directory.mkdir(exist_ok=True)
    if not (directory / "loaded").exists():
        shutil.rmtree(database, ignore_errors=True)
        program = Path(sys.executable).with_name("oxigraph")
        for command in (["load", "--file", str(quads)], ["optimize"]):
            subprocess.run(
                [program, command[0], "--location", database, *command[1:]], check=True, capture_output=True
            )
        (directory / "loaded").touch()
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(database, copy)
    collection = Collection(
        key=key, title=title, base=SOURCE_BASE, release=release, quads=quads, database=database, copy=copy
    )
    collection.read()
    return collection


def run(site: Site, number: int, peers: tuple[Peer, ...] = PEERS) -> tuple[report.Found, list[Collection]]:
    """Measure *peers* on both collections, one after the other."""
    found: dict[tuple[str, str], Measured] = {}
    collections = [ours(site), made(site, number)]
    for collection in collections:
        for peer in PEERS:
            begun = time.monotonic()
            found[collection.key, peer.key] = (
                measure(peer, site, collection, tuple(BOMBS.values()))
                if peer in peers
                else Measured(peer.key, collection.key, failed="not asked for")
            )
            failed = found[collection.key, peer.key].failed
            print(
                f"{collection.title}, {peer.name}: {time.monotonic() - begun:.0f} s {failed}", file=sys.stderr
            )
    return found, collections


def machine() -> str:
    """Give what it was measured on."""
    names = [line.split(":")[1].strip() for line in _cpuinfo() if line.startswith("model name")]
    processors = f"{len(names)} × {names[0]}" if names else platform.machine()
    return f"Python {platform.python_version()}, {platform.system()}, {processors}."


def _cpuinfo() -> list[str]:
    path = Path("/proc/cpuinfo")
    return path.read_text().splitlines() if path.exists() else []


def main() -> None:
    """Measure, print, and write where asked."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--write", action="store_true", help="put the results into docs/")
    parser.add_argument("--work", type=Path, default=ROOT / ".bench", help="(default: .bench)")
    parser.add_argument("--quads", type=int, default=1_000_000, help="of the generated archive")
    parser.add_argument(
        "--only", action="append", choices=[peer.key for peer in PEERS], help="measure these servers only"
    )
    parser.add_argument(
        "--profile", type=Path, metavar="FILE", help="profile our web process, and write cProfile's figures"
    )
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    site = Site(arguments.work.resolve())
    if arguments.profile:
        print("\n".join(profiling.profile(ours(site), arguments.profile.resolve())))
        return
    chosen = tuple(peer for peer in PEERS if not arguments.only or peer.key in arguments.only)
    found, collections = run(site, arguments.quads, chosen)
    aims = report.aims(found)
    missed = any(not aim.met for aim in aims)
    profile = profiling.profile(collections[0], site.directory / "profile") if missed else []
    text = report.page(found, collections, profile, machine())
    print(text)
    if arguments.write:
        document.put("bench/serve.py", text)
        results = {
            "machine": machine(),
            "quads": {collection.key: collection.number for collection in collections},
            "aims": [aim.as_json() for aim in aims],
            "servers": [measured.as_json() for measured in found.values()],
            "profile": profile,
        }
        RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
