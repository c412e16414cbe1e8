"""The servers that bench/serve.py compares, each in the configuration that serves it best here, and how each is started.

Peers written in Python live in environments of their own, made where the bench works; Oxigraph's server is a development
dependency. All of them, ours included, may take as much memory as :data:`MEMORY`: some bombs fill what there is.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

if TYPE_CHECKING:
    from workloads import Collection

MEMORY: Final = 6 * 1024**3
"""Bytes of address space that a process of a server may have (``ulimit -v``)."""
PATIENCE: Final = 240.0
"""Seconds after which a server that has not answered is taken not to start."""

_HTTP: Final = ("httptools", "uvloop")
"""What makes uvicorn quickest; ours does without."""


class NoServer(Exception):
    """A peer that cannot be installed or does not start, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """A server: *packages* name what its environment needs, none: this one; *trivial* is its trivial query."""

    key: str
    name: str
    how: str
    command: Callable[[Site, Collection, int], list[str]]
    endpoint: str
    python: bool = True
    packages: tuple[str, ...] = ()
    environment: Callable[[Collection], Mapping[str, str]] = field(default=lambda _collection: {})
    own_documents: bool = False  # it has a document about each resource, at the resource's own path
    page: Callable[[str], str] | None = None  # the path of its page about an IRI
    trivial: str = "ASK {}"

    def version(self, site: Site) -> str:
        """Give the version of its first package; that of this project for ours."""
        if not self.packages:
            return version("oxigraph" if self.key == "oxigraph" else "attest-kg")
        name = self.packages[0].partition("=")[0]
        program = f"from importlib.metadata import version; print(version({name!r}))"
        return subprocess.run(
            [site.python(self), "-c", program], check=True, capture_output=True, text=True
        ).stdout.strip()


@dataclass(frozen=True, slots=True)
class Site:
    """The directory that the bench works in."""

    directory: Path

    def python(self, peer: Peer) -> str:
        """Give the interpreter of *peer*'s environment."""
        if not peer.packages:
            return sys.executable
        return str(self.directory / f"venv-{peer.packages[0].replace('==', '-')}" / "bin" / "python")

    def install(self, peer: Peer) -> None:
        """Make *peer*'s environment where it is not there yet. Raises NoServer."""
        python = Path(self.python(peer))
        done = python.parent.parent / "installed"
        if not peer.packages or done.exists():
            return
        venv.create(python.parent.parent, clear=True, with_pip=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        found = subprocess.run(
            [*pip, *peer.packages], check=False, capture_output=True, text=True, timeout=600
        )
        if found.returncode:
            raise NoServer(f"{peer.name} cannot be installed: {_last_line(found.stderr)}")
        done.touch()


@dataclass(slots=True)
class Server:
    """A server that runs: its *process*, its *port*, and the *seconds* from its start to its first answer."""

    peer: Peer
    process: subprocess.Popen[bytes]
    port: int
    seconds: float

    @property
    def died(self) -> int | None:
        """The exit code of a server that ended by itself."""
        return self.process.poll()


@contextmanager
def running(peer: Peer, site: Site, collection: Collection) -> Iterator[Server]:
    """Start *peer* afresh on *collection*, and end it with all its processes. Raises NoServer."""
    site.install(peer)
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = int(found.getsockname()[1])
    log = site.directory / f"{peer.key}.log"
    limited = ["sh", "-c", f'ulimit -v {MEMORY // 1024}; exec "$@"', "sh"]
    begun = time.monotonic()
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*limited, *peer.command(site, collection, port)],
            stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True,
            env={**os.environ, "PYTHONWARNINGS": "ignore", **peer.environment(collection)}, cwd=site.directory,
        )  # fmt: skip
    try:
        while not _answers(port):
            if process.poll() is not None or time.monotonic() > begun + PATIENCE:
                raise NoServer(f"{peer.name} does not start: {_last_line(log.read_text(errors='replace'))}")
            time.sleep(0.05)
        yield Server(peer, process, port, time.monotonic() - begun)
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the group of *process*, at once where it does not go by itself: a query may keep it busy for hours."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
            process.wait(5)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), 2) as connection:
            connection.settimeout(10)
            connection.sendall(
                b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/html\r\nConnection: close\r\n\r\n"
            )
            return connection.recv(8) == b"HTTP/1.1"
    except OSError:
        return False


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:300] if lines else "it says nothing"


def _ours(_site: Site, collection: Collection, port: int) -> list[str]:
    return [sys.executable, "-m", "kg", "serve", str(collection.release), "--port", str(port)]


def _oxigraph(_site: Site, collection: Collection, port: int) -> list[str]:
    program = str(Path(sys.executable).with_name("oxigraph"))
    options = ["--union-default-graph", "--bind", f"127.0.0.1:{port}"]
    return [program, "serve-read-only", "--location", str(collection.database), *options]


_RDFLIB_ENDPOINT: Final = """import sys
import uvicorn
from rdflib import Dataset
from rdflib_endpoint import SparqlEndpoint
store, source, port = sys.argv[1:]
graph = Dataset(store=store, default_union=True)
graph.open(source) if store == "Oxigraph" else graph.parse(source, format="nquads")
uvicorn.run(SparqlEndpoint(graph=graph), host="127.0.0.1", port=int(port), access_log=False, log_level="warning")
"""
"""What ``rdflib-endpoint serve`` does, without a line of log for each request, and with a database where there is one."""


def _rdflib_endpoint(store: str, source: str) -> Callable[[Site, Collection, int], list[str]]:
    def command(site: Site, collection: Collection, port: int) -> list[str]:
        where = str(getattr(collection, source))
        return [site.python(RDFLIB), "-c", _RDFLIB_ENDPOINT, store, where, str(port)]

    return command


def _shmarql(site: Site, _collection: Collection, port: int) -> list[str]:
    options = ["--workers", "2", "--no-access-log", "--log-level", "warning"]
    return [
        site.python(SHMARQL),
        "-m",
        "uvicorn",
        "shmarql.main:app",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        *options,
    ]


def _shmarql_page(iri: str) -> str:
    """Give the address that SHMARQL sends a browser on to from a resource's own."""
    query = (
        "\n# shmarql-view: resource\n# shmarql-editor: hide\n\nSELECT ?p ?o ?pp ?oo WHERE {\n"
        f"  <{iri}> ?p ?o .\n  OPTIONAL {{\n    ?o ?pp ?oo .\n  }}\n}}"
    )
    return f"/shmarql/?query={quote(query)}"


OURS: Final = Peer(
    key="kg",
    name="kg serve",
    how="as shipped: default limits, a release in memory up to a million quads, workers, uvicorn with httptools",
    command=_ours,
    endpoint="/sparql",
    own_documents=True,
)
OXIGRAPH: Final = Peer(
    key="oxigraph",
    name="Oxigraph",
    how="`oxigraph serve-read-only --union-default-graph` (Rust) on a database that was loaded and optimised before; without "
    "`--timeout-s`, for which it keeps a thread for each query until the time is over: 15,000 of them after 3 s",
    command=_oxigraph,
    endpoint="/query",
    python=False,
)
RDFLIB: Final = Peer(
    key="rdflib",
    name="rdflib-endpoint",
    how="rdflib's own store in memory, uvloop and httptools, no log of accesses",
    command=_rdflib_endpoint("default", "quads"),
    endpoint="/",
    packages=("rdflib-endpoint==0.6.3", "oxrdflib==0.5.0", "uvicorn>=0.38", *_HTTP),
)
OXRDFLIB: Final = replace(
    RDFLIB,
    key="oxrdflib",
    name="rdflib-endpoint + oxrdflib",
    how="the same over a copy of Oxigraph's database (oxrdflib 0.5.0)",
    command=_rdflib_endpoint("Oxigraph", "copy"),
)
SHMARQL: Final = Peer(
    key="shmarql",
    name="SHMARQL",
    how="on Oxigraph's database read-only (`STORE_PATH`), two workers, uvloop and httptools, no log of accesses; its "
    "trivial query is `SELECT (1 AS ?one) {}`, since it answers `ASK {}` with 500",
    command=_shmarql,
    endpoint="/sparql",
    packages=("shmarql==0.70", "uvicorn>=0.38", *_HTTP),
    environment=lambda collection: {
        "STORE_PATH": str(collection.database),
        "SITE_URI": collection.base,
        "REDIS_HOST": "127.0.0.1",
        "NFDI_PREFIXES": "0",
    },
    page=_shmarql_page,
    trivial="SELECT (1 AS ?one) {}",
)
PEERS: Final = (OURS, OXIGRAPH, RDFLIB, OXRDFLIB, SHMARQL)
