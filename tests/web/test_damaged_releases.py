"""Releases that are damaged, before a server starts and under it: it refuses and says why, or goes on with right answers, or says 500.

Never is a 200 wrong or a part: what it gives is held against what the sound release gave.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest

import collection
import kg
import running
import velmora
from kg import cli, manifest
from kg.cli import DAMAGED
from kg.queries import Catalog
from kg.store import EmbeddedStore
from processes import alive, descendants

QUERIES = (
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "SELECT ?s ?l { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?l } ORDER BY ?s ?l",
    "CONSTRUCT { ?s a ?c } WHERE { ?s a ?c }",
    "ASK { ?s ?p <http://nowhere.example/> }",
)
PAGES = (
    "/", "/event/azerbaijan-1990-01.nt", "/event/azerbaijan-1990-01.html", "/event/nowhere.nt", "/queries/day.csv", "/dataset.nt", "/ns.nt",
    "/shapes.html", "/sitemap.xml", "/download/dataset.ttl", "/download/quads.nq", "/download/tables/claims.csv", "/context.jsonld",
    "/photographs.csv?shows=baku", "/claims.json",
)  # fmt: skip


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """A release of the collection that may be damaged."""
    return manifest.current(shutil.copytree(collection.built(), tmp_path / "releases"))


@pytest.fixture(scope="module")
def sound(client: httpx.Client) -> dict[str, bytes | set[bytes]]:
    """What the sound release gives, by query and address."""
    return {what: given(client, what)[1] for what in (*QUERIES, *PAGES)}


def given(client: httpx.Client, what: str) -> tuple[int, bytes | set[bytes]]:
    """Give the status and the answer to a query, whose rows have no order, or to an address."""
    if what.startswith("/"):
        answer = client.get(what)
        return answer.status_code, answer.content
    accept = "application/n-triples" if what.startswith("CONSTRUCT") else "text/csv"
    answer = client.get("/sparql", params={"query": what}, headers={"Accept": accept})
    return answer.status_code, set(answer.content.splitlines())


def flipped(path: Path, place: float = 0.5) -> None:
    """Turn one bit of a file over, and leave its times as they were."""
    times = path.stat()
    with path.open("r+b") as file:
        file.seek(offset := int(times.st_size * place))
        byte = file.read(1)[0]
        file.seek(offset)
        file.write(bytes([byte ^ 1]))
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def shortened(path: Path) -> None:
    """Take the last lines of a file away."""
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-3]))


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def linked(path: Path) -> None:
    """Put a link to the same bytes in the place of a file."""
    path.rename(path.with_suffix(".elsewhere"))
    path.symlink_to(path.with_suffix(".elsewhere"))


def another(path: Path) -> None:
    """Put the file of another release in the place of one."""
    shutil.copy(manifest.current(velmora.built() / "build") / path.name, path)


# ---------------------------------------------------------------------- at the start


def retitled(path: Path) -> None:
    values = json.loads(path.read_bytes())
    path.write_text(json.dumps(values | {"title": values["title"] + "!"}))


@pytest.mark.parametrize(
    ("name", "damage"),
    [(name, flipped) for name in ("manifest.ttl", "context.jsonld", "downloads/dataset.ttl", "queries/day.rq", "ontology/kg.ttl")]
    + [(name, damage) for name in ("quads.nq", "manifest.json") for damage in (flipped, shortened, emptied, Path.unlink, another)]
    + [("manifest.json", retitled), ("index.csv", another), ("index.csv", linked)],
)  # fmt: skip
def test_a_damaged_release_is_not_served(
    release: Path,
    name: str,
    damage: Callable[[Path], None],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def served(*_: object, **__: object) -> None:
        raise AssertionError("it was served")

    monkeypatch.setattr("kg.web.serve", served)
    damage(release / name)
    with pytest.raises(SystemExit) as ended:
        cli.main(["serve", str(release)])
    assert ended.value.code != 0
    out, err = capsys.readouterr()
    assert "serving on" not in out
    assert err.startswith("kg: ")
    assert str(release) in err or Path(name).name in err
    assert "internal error" not in err


def test_the_command_says_why_and_ends(release: Path) -> None:
    flipped(release / "downloads" / "dataset.nt")
    done = subprocess.run(  # noqa: PLW1510
        [sys.executable, "-m", "kg", "serve", str(release.parent)], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == DAMAGED
    assert done.stdout == ""
    assert (
        done.stderr
        == f"kg: {release}/downloads/dataset.nt is damaged: its SHA-256 is not that of the manifest\n→ run kg build\n"
    )


# ---------------------------------------------------------------------- under a server


@contextmanager
def on_disk(release: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[httpx.Client]:
    """A server whose processes read the release from the cache on disk."""
    monkeypatch.setattr("kg.web.app.IN_MEMORY", 0)
    listed = manifest.read(release)
    store = EmbeddedStore.open(release, in_memory=0)
    archive = kg.Archive(store, listed, Catalog.load(release / "queries"), release)
    with (
        running.serving(archive) as url,
        httpx.Client(base_url=url, timeout=60, headers={"Accept": "*/*"}) as client,
    ):
        yield client


def command_of(pid: int) -> bytes:
    """Give the command of a process, nothing where it has just ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def fresh_workers(client: httpx.Client) -> None:
    """End every worker, so that the next queries are answered by others, which open the store again."""
    zygotes = {pid for pid in descendants(os.getpid()) if b"kg.workers.zygote" in command_of(pid)}
    for pid in {worker for zygote in zygotes for worker in descendants(zygote)}:
        with suppress(ProcessLookupError):  # it has just ended
            os.kill(pid, signal.SIGKILL)


def right_or_refused(client: httpx.Client, sound: dict[str, bytes | set[bytes]]) -> set[int]:
    """See that no answer is another than the sound release gave; give the statuses."""
    statuses = set()
    for what, expected in sound.items():
        status, answer = given(client, what)
        statuses.add(status)
        if status < 500:
            assert answer == expected, what
    return statuses


@pytest.mark.parametrize(
    "damage",
    [flipped, another, None],
    ids=lambda damage: getattr(damage, "__name__", "all"),
)
def test_a_release_in_memory_goes_on(
    release: Path, damage: Callable[[Path], None] | None, sound: dict[str, bytes | set[bytes]]
) -> None:
    with (
        running.serving(kg.open(release)) as url,
        httpx.Client(base_url=url, timeout=60, headers={"Accept": "*/*"}) as client,
    ):
        assert right_or_refused(client, sound) == {200, 404}
        if damage is None:
            shutil.rmtree(release)
        else:
            damage(release / "quads.nq")
            damage(release / "manifest.json")
        fresh_workers(client)
        assert right_or_refused(client, sound) - {500} == {200, 404}
        part = client.get("/download/quads.nq", headers={"Range": "bytes=0-9"})  # which is never kept
        assert part.status_code == 500
        assert given(client, QUERIES[0]) == (200, sound[QUERIES[0]])
        assert client.get("/health").json()["status"] == "ok"  # of what is in memory


@pytest.mark.parametrize("damage", [flipped, shortened, emptied, Path.unlink, linked])
def test_a_damaged_download_is_no_download(
    release: Path, damage: Callable[[Path], None], sound: dict[str, bytes | set[bytes]]
) -> None:
    name = "downloads/dataset.ttl"
    address = "/download/" + name.removeprefix("downloads/")
    with (
        running.serving(kg.open(release)) as url,
        httpx.Client(base_url=url, timeout=60, headers={"Accept": "*/*"}) as client,
    ):
        part = client.get(address, headers={"Range": "bytes=0-9"})
        assert (part.status_code, part.content) == (206, sound[address][:10])  # type: ignore[index]
        damage(release / name)
        for method in ("GET", "HEAD"):
            assert client.request(method, address).status_code == 500
            assert client.request(method, address, headers={"Range": "bytes=0-9"}).status_code == 500
        assert right_or_refused(client, sound) == {200, 404, 500}


def _each(release: Path, damage: Callable[[Path], None]) -> None:
    for path in sorted((release / "store" / "db").glob("*.sst")):
        damage(path)


def _written(path: Path) -> None:
    data = path.read_bytes()
    with path.open("r+b") as file:
        file.write(bytes(byte ^ 1 for byte in data))


def _of_another(release: Path) -> None:
    """Put the cache of another release, itself sound, in the place of this one."""
    other = shutil.copytree(manifest.current(velmora.built() / "build"), release.parent / "other")
    EmbeddedStore.open(other, in_memory=0)
    shutil.rmtree(release / "store")
    (other / "store").rename(release / "store")


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda release: _each(release, _written), id="written over"),
        pytest.param(lambda release: _each(release, emptied), id="emptied"),
        pytest.param(lambda release: shutil.rmtree(release / "store"), id="removed"),
        pytest.param(shutil.rmtree, id="release removed"),
        pytest.param(_of_another, id="of another release"),
    ],
)
def test_a_store_on_disk_that_changes_is_noticed(
    release: Path,
    damage: Callable[[Path], None],
    sound: dict[str, bytes | set[bytes]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with on_disk(release, monkeypatch) as client:
        assert right_or_refused(client, sound) == {200, 404}
        damage(release)
        for _ in range(2):
            assert 500 in right_or_refused(client, sound)
            answer = client.get("/sparql", params={"query": QUERIES[0]})
            assert answer.status_code >= 500
            assert str(release) not in answer.text
            fresh_workers(client)
        monkeypatch.setattr("kg.web.operations.FRESH", -1)
        health = client.get("/health")
        assert health.status_code == 503
        assert health.json()["status"] == "fail"
        assert "changed while it was in use" in health.json()["reason"]
        assert alive(os.getpid())


@pytest.mark.parametrize("damage", [flipped, Path.unlink])
def test_a_store_on_disk_that_is_damaged_before_is_made_anew(
    release: Path,
    damage: Callable[[Path], None],
    sound: dict[str, bytes | set[bytes]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    EmbeddedStore.open(release, in_memory=0)
    _each(release, damage)
    with on_disk(release, monkeypatch) as client:
        assert right_or_refused(client, sound) == {200, 404}
        assert client.get("/health").json()["status"] == "ok"
