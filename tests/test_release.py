from __future__ import annotations

import csv
import errno
import hashlib
import io
import json
import os
import resource
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import manifest, tables
from kg.errors import ProjectError, StoreError
from kg.formats import CSV, EXPORTS, GEO_JSON, N_TRIPLES, RDF_XML
from kg.names import RDF, RDFS, Base
from kg.project import GraphInfo
from kg.release import Contents, mentions, publishing, write
from kg.release import replace as put

BASE = Base("https://archive.example/baku/")
IRI = ox.NamedNode
LABEL = IRI(RDFS + "label")
# What every process of these tests releases: an edition's worth of statements in two graphs.
SCRIPT = """
import os, sys
from pathlib import Path
import pyoxigraph as ox
from kg import manifest
from kg.errors import KgError
from kg.names import Base
from kg.release import Contents, write

def contents(number, size=40, **more):
    base = Base("https://archive.example/baku/")
    iri = lambda name: ox.NamedNode(base.iri + name)
    quads = [ox.Quad(iri(f"id/event/e{n}"), iri("p"), ox.Literal(f"{number} \\u0584 {n}", language="hy"),
             iri(f"graph/{n % 2}")) for n in range(size)]
    context = {"@context": {"p": base.iri + "p"}}
    files = {f"queries/{name}.rq": name.encode() for name in {"a", "b", "c"}}
    return Contents(title="T", base=base, quads=set(quads), date="2026-11-23", context=context, files=files,
                    inputs={name: name.encode() for name in {"kg.toml", "data/a.ttl", "data/b.ttl"}},
                    tools={"pyoxigraph": "0.5.13"}, profiles=("attest",), **more)
"""


def quad(subject: str, predicate: IRI, object: ox.Literal | ox.NamedNode, graph: str = "entities") -> ox.Quad:
    return ox.Quad(IRI(BASE.id("event", subject)), predicate, object, IRI(BASE.graph(graph)))


@pytest.fixture
def contents() -> Contents:
    quads = [
        quad("b", LABEL, ox.Literal("Событие", language="ru")),
        quad("a", IRI(RDF + "type"), IRI("https://schema.org/Event")),
        quad("a", LABEL, ox.Literal("Event,\n“A”", language="en")),
        quad("a", LABEL, ox.Literal("Իրադարձություն", language="hy")),
        quad("a", LABEL, ox.Literal("Event,\n“A”", language="en")),
        quad("a", LABEL, ox.Literal("Event,\n“A”", language="en"), "published"),
        quad(
            "a",
            IRI(BASE.iri + "n"),
            ox.Literal("01", datatype=IRI("http://www.w3.org/2001/XMLSchema#integer")),
        ),
    ]
    return Contents(
        title="January 1990 in Baku",
        base=BASE,
        quads=quads,
        date="2026-11-23",
        licence="https://creativecommons.org/licenses/by/4.0/",
        graphs={
            BASE.graph("entities"): GraphInfo("Entities", "https://creativecommons.org/licenses/by/4.0/")
        },
        counts={"claims": 0},
        findings={"warning": 1},
        inputs={"kg.toml": b"version = 1"},
        files={"queries/deaths.rq": b"SELECT * {}", "ontology/vocab/units.ttl": b""},
        context={"@context": {"label": RDFS + "label"}},
        tools={"pyoxigraph": "0.5.13"},
    )


def other(contents: Contents, number: int) -> Contents:
    return replace(contents, quads=[*contents.quads, quad("a", LABEL, ox.Literal(f"name {number}"))])


def state(out: Path) -> dict[str, tuple[int, str]]:
    """Give mode and digest of everything below *out*, by relative path."""
    return {
        path.relative_to(out).as_posix(): (
            stat.S_IMODE(path.stat().st_mode),
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "",
        )
        for path in sorted(out.rglob("*"))
    }


def python(script: str, *arguments: str | Path, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # type: ignore[call-overload,no-any-return]
        [sys.executable, "-c", SCRIPT + script, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        **options,
    )


def test_a_release_holds_the_dataset_its_downloads_index_and_manifest(
    tmp_path: Path, contents: Contents
) -> None:
    directory = write(tmp_path, contents)
    found = manifest.verify(directory)
    downloads = {f"downloads/dataset.{suffix}" for suffix in EXPORTS}
    downloads |= {f"downloads/tables/{name}" for name in tables.NAMES}  # there is an event, and no place
    expected = downloads | {
        "context.jsonld",
        "index.csv",
        "lists.sqlite",
        "manifest.ttl",
        "ontology/vocab/units.ttl",
        "quads.nq",
        "queries/deaths.rq",
        "search.sqlite",
    }
    assert {file.path for file in found.files} == expected
    assert {path.relative_to(directory).as_posix() for path in directory.rglob("*") if path.is_file()} == (
        expected | {"SHA256SUMS", "manifest.json"}
    )
    assert manifest.current(tmp_path) == directory
    assert directory.name == found.id
    assert found.counts == {"claims": 0, "quads": 6, "triples": 5}
    assert [(graph.iri, graph.quads, graph.title) for graph in found.graphs] == [
        (BASE.graph("entities"), 5, "Entities"),
        (BASE.graph("published"), 1, ""),
    ]
    assert found.inputs == {"kg.toml": hashlib.sha256(b"version = 1").hexdigest()}
    types = {file.path: file.media_type for file in found.files}
    assert types["queries/deaths.rq"] == "application/sparql-query"
    assert types["downloads/dataset.jsonld"] == "application/ld+json"
    assert types["downloads/dataset.rdf"] == "application/rdf+xml"
    assert types["downloads/tables/events.csv"] == "text/csv"
    assert types["downloads/tables/csv-metadata.json"] == "application/csvm+json"
    assert json.loads((directory / "context.jsonld").read_bytes()) == contents.context


def test_quads_are_canonical_sorted_by_bytes_and_distinct(tmp_path: Path, contents: Contents) -> None:
    path = write(tmp_path, contents) / "quads.nq"
    lines = path.read_bytes().splitlines(keepends=True)
    assert lines == sorted(set(lines))
    assert set(ox.parse(path=path, format=ox.RdfFormat.N_QUADS)) == set(contents.quads)
    assert b'"01"^^<http://www.w3.org/2001/XMLSchema#integer>' in path.read_bytes()


def test_each_dataset_download_reads_back_as_the_dataset(tmp_path: Path, contents: Contents) -> None:
    directory = write(tmp_path, contents)
    for format in EXPORTS.values():
        path = directory / "downloads" / f"dataset.{format.suffix}"
        found = set(ox.parse(path=path, format=format.rdf))
        if format.dataset:
            assert found == set(contents.quads), format.name
        else:
            assert {quad.triple for quad in found} == {quad.triple for quad in contents.quads}, format.name


def test_the_index_has_a_row_for_each_typed_resource(tmp_path: Path, contents: Contents) -> None:
    written = (write(tmp_path, contents) / "index.csv").read_bytes().decode()
    assert list(csv.reader(io.StringIO(written, newline=""))) == [
        ["iri", "type", "label"],
        [BASE.id("event", "a"), "https://schema.org/Event", "Event,\n“A”"],
    ]
    russian = replace(contents, languages=("ru", "hy"))
    assert "Իրադարձություն" in (write(tmp_path, russian) / "index.csv").read_text()


def test_building_again_reuses_the_release_and_changes_nothing(tmp_path: Path, contents: Contents) -> None:
    directory = write(tmp_path, contents)
    inode, before = directory.stat().st_ino, state(directory)
    assert write(tmp_path, contents) == directory
    assert directory.stat().st_ino == inode
    assert state(directory) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["CURRENT", "LOCK", directory.name])


def test_a_damaged_release_is_not_reused(tmp_path: Path, contents: Contents) -> None:
    directory = write(tmp_path, contents)
    (directory / "quads.nq").write_bytes(b"")
    again = write(tmp_path, contents)
    assert again.name == f"{directory.name}-2"
    assert manifest.current(tmp_path) == again
    assert manifest.verify(again).id == directory.name


def test_the_three_newest_builds_stay(tmp_path: Path, contents: Contents) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "0123456789ab").mkdir()  # named like a release and none
    built = [write(tmp_path, other(contents, number)) for number in range(5)]
    assert [path.exists() for path in built] == [False, False, True, True, True]
    assert write(tmp_path, other(contents, 2)) == built[2]
    assert write(tmp_path, other(contents, 9)).exists()
    assert [path.exists() for path in built] == [False, False, True, False, True]
    assert write(tmp_path, other(contents, 2), keep=1) == built[2]
    assert {path.name for path in tmp_path.iterdir()} == {
        "CURRENT",
        "LOCK",
        "notes",
        "0123456789ab",
        built[2].name,
    }


def test_the_date_is_that_of_the_collection_or_of_source_date_epoch(
    tmp_path: Path, contents: Contents, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert manifest.read(write(tmp_path, contents)).date == "2026-11-23"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "632793600")
    assert manifest.read(write(tmp_path, contents)).date == "1990-01-20"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    with pytest.raises(ProjectError, match="SOURCE_DATE_EPOCH is 'yesterday'"):
        write(tmp_path, contents)


def test_the_bytes_depend_on_no_hash_seed_locale_time_zone_umask_or_place(tmp_path: Path) -> None:
    script = "os.umask(int(sys.argv[2], 8)); print(write(Path(sys.argv[1]), contents(1)))"
    surroundings = [
        ("0", "C", "UTC", "022"),
        ("1", "C.UTF-8", "Asia/Yerevan", "077"),
        ("4242", "tr_TR.UTF-8", "America/Los_Angeles", "000"),
    ]
    states = []
    for seed, locale, zone, umask in surroundings:
        out = tmp_path / f"place {seed}" / "build"
        out.parent.mkdir()
        environment = os.environ | {"PYTHONHASHSEED": seed, "LC_ALL": locale, "TZ": zone}
        done = python(script, out, umask, env=environment, cwd=out.parent)
        assert done.returncode == 0, done.stderr
        found = state(out)
        del found["LOCK"]
        states.append(found)
    assert states[0] == states[1] == states[2]
    assert {mode for path, (mode, digest) in states[0].items() if digest} == {0o644}
    assert {mode for path, (mode, digest) in states[0].items() if not digest} == {0o755}


def test_a_second_builder_is_told_who_holds_the_lock(tmp_path: Path, contents: Contents) -> None:
    directory = write(tmp_path, contents)
    before = state(directory)
    script = """
from kg.release import lock
with lock.held(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT + script, tmp_path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(
            StoreError, match=rf"another build is writing .*\(process {holder.pid}\)"
        ) as caught:
            write(tmp_path, other(contents, 1))
        assert "wait until it has ended" in caught.value.remedy
        assert manifest.current(tmp_path) == directory
        assert state(directory) == before
        holder.communicate()
    assert write(tmp_path, other(contents, 1)) == manifest.current(tmp_path)


def test_builders_at_the_same_time_leave_one_whole_release(tmp_path: Path) -> None:
    script = """
for number in range(6):
    try:
        write(Path(sys.argv[1]), contents(int(sys.argv[2]) + number))
        print("written")
    except KgError as error:
        print(error.message)
"""
    builders = [
        subprocess.Popen(
            [sys.executable, "-c", SCRIPT + script, tmp_path, str(start)], stdout=subprocess.PIPE, text=True
        )
        for start in (0, 100, 200)
    ]
    said = [line for builder in builders for line in builder.communicate()[0].splitlines()]
    assert [builder.returncode for builder in builders] == [0, 0, 0]
    assert len(said) == 18
    assert "written" in said
    assert all(line == "written" or line.startswith("another build is writing to") for line in said)
    manifest.verify(manifest.current(tmp_path))
    assert not list(tmp_path.glob(".building-*"))
    assert len([path for path in tmp_path.iterdir() if path.is_dir()]) <= 3


# One process forks all the builds that are killed: a fork costs a millisecond, an interpreter three hundred.
KILLED = """
import random, shutil, signal, time
from kg.formats import JSON_LD
os.fsync = lambda descriptor: None  # what a process wrote outlives its death without being forced to disk
out = Path(sys.argv[1])
old = write(out, contents(0)).name

def check(allowed):
    name = manifest.current(out).name
    manifest.verify(out / name)
    assert name in allowed, (name, allowed)
    return name
"""


def test_killed_before_any_of_its_steps_a_build_leaves_a_whole_release(tmp_path: Path) -> None:
    """Each call that touches the file system is an audit event of Python: die before the nth, for every n."""
    script = """
def die_before(step):
    remaining = [step]
    def hook(event, arguments):
        if event in ("open", "os.mkdir", "os.rename", "os.rmdir", "os.remove", "os.chmod", "os.utime", "os.truncate",
                     "shutil.rmtree", "tempfile.mkdtemp", "os.scandir", "fcntl.flock"):
            remaining[0] -= 1
            if remaining[0] < 0:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(hook)

small = {"size": 10, "downloads": (JSON_LD,)}
old = write(out, contents(2, **small), keep=2).name  # of two releases, so that the build removes one
seen, step, status = set(), 0, None
while status != 0:
    trial = out.parent / "trial"
    shutil.copytree(out, trial)
    child = os.fork()
    if child == 0:
        die_before(step)
        write(trial, contents(1, **small), keep=2)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    assert status in (0, signal.SIGKILL), status
    name = manifest.current(trial).name
    seen.add((name == old, manifest.verify(trial / name).id))
    for directory in trial.glob("[0-9a-f]*"):
        manifest.verify(directory)
    if step % 3 == 0:
        final = write(trial, contents(1, **small), keep=2)
        assert manifest.current(trial) == final and manifest.verify(final)
        assert not list(trial.glob(".building-*"))
    shutil.rmtree(trial)
    step += 1
print(step, len(seen))
"""
    done = python(KILLED + script, tmp_path)
    assert done.returncode == 0, done.stderr
    steps, releases = map(int, done.stdout.split())
    assert steps > 40
    assert releases == 2


def test_killed_at_random_moments_a_build_leaves_a_whole_release(tmp_path: Path) -> None:
    script = """
chance = random.Random(1990)
allowed, killed = {old}, 0
for number in range(1, 31):
    expected = write(Path(sys.argv[2]), contents(number)).name
    child = os.fork()
    if child == 0:
        write(out, contents(number))
        os._exit(0)
    time.sleep(chance.uniform(0, 0.03))
    os.kill(child, signal.SIGKILL)
    killed += os.waitpid(child, 0)[1] != 0
    allowed = {check(allowed | {expected})}
final = write(out, contents(31)).name
check({final})
assert not list(out.glob(".building-*"))
print(killed)
"""
    done = python(KILLED + script, tmp_path / "out", tmp_path / "elsewhere")
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 0


@contextmanager
def file_size_limit(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_release_is_not_written_into_a_release(tmp_path: Path, contents: Contents) -> None:
    directory = write(tmp_path, contents)
    before = state(tmp_path)
    with pytest.raises(StoreError, match="is itself a release") as caught:
        write(directory, other(contents, 1))
    assert "the directory above it" in caught.value.remedy
    assert state(tmp_path) == before


def test_what_a_killed_build_left_behind_is_removed(tmp_path: Path, contents: Contents) -> None:
    (tmp_path / ".building-abc" / "downloads").mkdir(parents=True)
    (tmp_path / ".building-current").write_text("0123")
    directory = write(tmp_path, contents)
    assert {path.name for path in tmp_path.iterdir()} == {"CURRENT", "LOCK", directory.name}


@pytest.mark.parametrize("lost", ["a line of quads.nq", "the manifest's date"])
def test_what_the_disk_does_not_give_back_is_no_release(
    tmp_path: Path, contents: Contents, lost: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = write(tmp_path, contents)
    before = state(tmp_path)

    def verified(fresh: Path) -> manifest.Manifest:
        found = manifest.verify(fresh)
        if lost == "the manifest's date":
            return replace(found, date="1990-01-13")
        quads = (fresh / "quads.nq").read_bytes()
        (fresh / "quads.nq").write_bytes(quads[: quads.rindex(b"\n", 0, -1) + 1])
        return found

    monkeypatch.setattr(publishing, "verify", verified)
    with pytest.raises(StoreError, match=r"reads? back as"):
        write(tmp_path, other(contents, 1))
    assert manifest.current(tmp_path) == directory
    assert state(tmp_path).keys() == before.keys()


@pytest.mark.parametrize("which", ["the current one", "an older one"])
def test_a_release_put_in_the_place_of_another_has_its_age_and_its_rank(
    tmp_path: Path, contents: Contents, which: str
) -> None:
    older, current = write(tmp_path, contents), write(tmp_path, other(contents, 1))
    old = current if which == "the current one" else older
    age = old.stat().st_mtime_ns
    fresh = put(tmp_path, old, other(contents, 2))
    assert not old.exists()
    assert fresh.stat().st_mtime_ns == age
    assert manifest.current(tmp_path) == (fresh if old == current else current)
    assert manifest.verify(fresh).counts["quads"] == 7


def test_a_release_that_mentions_nothing(tmp_path: Path, contents: Contents) -> None:
    directory = write(tmp_path / "some", contents)
    assert mentions(directory, {BASE.id("event", "a")})
    assert not mentions(directory, {BASE.id("event", "")})
    assert not mentions(directory, set())
    assert not mentions(write(tmp_path / "none", replace(contents, quads=[])), {BASE.id("event", "a")})


def test_a_file_that_cannot_grow_leaves_the_previous_release(tmp_path: Path, contents: Contents) -> None:
    directory = write(tmp_path, contents)
    before = state(tmp_path)
    larger = replace(contents, files={"large.md": b"x" * 1_000_000})
    with file_size_limit(500_000), pytest.raises(StoreError, match="cannot be written") as caught:
        write(tmp_path, larger)
    assert isinstance(caught.value.__cause__, OSError)
    assert caught.value.__cause__.errno == errno.EFBIG
    assert "-o DIR" in caught.value.remedy
    assert manifest.current(tmp_path) == directory
    assert {**state(tmp_path), "LOCK": None} == {**before, "LOCK": None}


def test_a_full_disk_leaves_the_previous_release(tmp_path: Path) -> None:
    """On a file system of 400 KB in a mount namespace of its own."""
    space = ["unshare", "--map-root-user", "--mount"]
    if (
        not shutil.which("unshare")
        or subprocess.run([*space, "true"], check=False, capture_output=True).returncode
    ):
        pytest.skip("no mount namespace can be made here (unshare --map-root-user --mount)")
    script = """
out = Path(sys.argv[1])
small = write(out, contents(0, 50))
said = []
for size in (5000, 1000, 900, 800, 700, 600, 500):
    try:
        write(out, contents(1, size))
    except KgError as error:
        said.append((type(error).__name__, error.message, error.remedy))
        assert manifest.current(out) == small
        manifest.verify(small)
        assert sorted(p.name for p in out.iterdir()) == sorted(["CURRENT", "LOCK", small.name])
assert said and {s[0] for s in said} == {"StoreError"}, said
assert all(s[1].endswith("the disk is full") and "free some space" in s[2] for s in said), said
assert write(out, contents(2, 50)) == manifest.current(out)
print(len(said))
"""
    mount = 'mount -t tmpfs -o size=400k tmpfs "$1" && shift && exec "$@"'
    done = subprocess.run(
        [*space, "sh", "-c", mount, "sh", tmp_path, sys.executable, "-c", SCRIPT + script, tmp_path],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 0


@pytest.fixture
def open_directory() -> Iterator[Path]:
    """A directory that any user can reach, which pytest's own are not."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name)
        path.chmod(0o755)
        yield path


def test_a_read_only_directory_leaves_the_previous_release(open_directory: Path) -> None:
    script = """
out = Path(sys.argv[1]) / "out"
first = write(out, contents(0))
(out / "LOCK").chmod(0o666)
for path in (out, out.parent):
    path.chmod(0o555)
if os.getuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
for target in (out, out.parent / "new"):
    try:
        write(target, contents(1))
        sys.exit("it was written")
    except KgError as error:
        print(type(error).__name__, error.message.rpartition(": ")[2], error.remedy, sep="; ")
manifest.verify(manifest.current(out))
assert manifest.current(out) == first
"""
    done = python(script, open_directory)
    for path in (open_directory, open_directory / "out"):
        path.chmod(0o755)
    assert done.returncode == 0, done.stderr
    assert (
        done.stdout.splitlines()
        == ["StoreError; permission is denied; change its permissions, or write elsewhere with -o DIR"] * 2
    )


def test_out_that_is_a_file_or_a_release_is_refused(tmp_path: Path, contents: Contents) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="it is not a directory"):
        write(tmp_path / "file", contents)
    with pytest.raises(StoreError, match="it is not a directory"):
        write(tmp_path / "file" / "below", contents)
    release = write(tmp_path / "out", contents)
    with pytest.raises(StoreError, match="is itself a release"):
        write(release, contents)


def test_a_link_in_place_of_an_unfinished_build_is_not_followed(tmp_path: Path, contents: Contents) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "file").write_text("")
    (tmp_path / "out" / ".building-x").symlink_to(tmp_path / "precious")
    write(tmp_path / "out", contents)
    assert (tmp_path / "precious" / "file").exists()
    assert not (tmp_path / "out" / ".building-x").is_symlink()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"files": {"../escape": b""}}, "is not a path below"),
        ({"inputs": {"/etc/passwd": b""}}, "is not a path below"),
        ({"files": {"quads.nq": b""}}, "is written by the build"),
        ({"files": {"downloads/dataset.nt": b""}}, "is written by the build"),
        ({"files": {"downloads/tables/claims.csv": b""}}, "is written by the build"),
        ({"files": {"downloads/places.geojson": b""}}, "is written by the build"),
        ({"files": {"context.jsonld": b""}}, "is written by the build"),
        ({"files": {"shapes/a.ttl": Path("/nowhere/a.ttl")}}, "shapes/a.ttl cannot be read"),
        ({"licence": "CC BY"}, "the licence 'CC BY' is not an IRI"),
    ],
)
def test_contents_that_cannot_be_released_touch_nothing(
    tmp_path: Path, contents: Contents, change: dict[str, object], said: str
) -> None:
    with pytest.raises(ProjectError, match=said):
        write(tmp_path / "out", replace(contents, **change))  # type: ignore[arg-type]
    assert not (tmp_path / "out").exists()


def test_data_without_graphs_and_with_blank_nodes_and_triple_terms(tmp_path: Path) -> None:
    node, predicate = ox.BlankNode("b0"), IRI("https://example.org/p")
    triple = ox.Triple(IRI("https://example.org/s"), predicate, ox.Literal("=1+1"))
    quads = [ox.Quad(node, predicate, triple), ox.Quad(node, predicate, ox.Literal("x"), ox.BlankNode("g"))]
    directory = write(tmp_path, Contents(title="", base=BASE, quads=quads))
    found = manifest.verify(directory)
    assert [(graph.iri, graph.quads) for graph in found.graphs] == [("", 1), ("_:g", 1)]
    assert found.file("downloads/dataset.jsonld") is None
    assert found.file("downloads/dataset.rdf") is None
    assert found.file("downloads/dataset.trig") is not None
    assert set(ox.parse(path=directory / "quads.nq", format=ox.RdfFormat.N_QUADS)) == set(quads)


def test_an_empty_dataset_is_a_release(tmp_path: Path) -> None:
    found = manifest.verify(write(tmp_path, Contents(title="Nothing", base=BASE, quads=[])))
    assert found.counts == {"quads": 0, "triples": 0}


def test_only_the_formats_asked_for_are_offered(tmp_path: Path, contents: Contents) -> None:
    found = manifest.read(write(tmp_path, replace(contents, downloads=(N_TRIPLES,))))
    assert [file.path for file in found.files if file.path.startswith("downloads/")] == [
        "downloads/dataset.nt"
    ]


def test_tables_and_places_are_offered_with_the_id_of_the_release(tmp_path: Path, contents: Contents) -> None:
    place = [
        quad("a", IRI(RDF + "type"), IRI("https://schema.org/Place")),
        quad("a", IRI("http://www.w3.org/2003/01/geo/wgs84_pos#lat"), ox.Literal(1)),
        quad("a", IRI("http://www.w3.org/2003/01/geo/wgs84_pos#long"), ox.Literal(2)),
    ]
    directory = write(tmp_path, replace(contents, quads=place, downloads=(CSV, GEO_JSON)))
    found = manifest.verify(directory)
    downloads = {file.path for file in found.files if file.path.startswith("downloads/")}
    assert downloads == {"downloads/places.geojson", *(f"downloads/tables/{name}" for name in tables.NAMES)}
    described = json.loads((directory / "downloads" / "tables" / "csv-metadata.json").read_bytes())
    places = json.loads((directory / "downloads" / "places.geojson").read_bytes())
    assert described["dc:identifier"] == places["release"] == found.id == directory.name
    assert places["features"][0]["geometry"]["citations"][0]["label"] == "Entities"
    file = found.file("downloads/places.geojson")
    assert file is not None
    assert file.media_type == "application/geo+json"


def test_a_format_that_cannot_hold_the_data_is_left_out_and_the_others_stay(
    tmp_path: Path, contents: Contents
) -> None:
    bad = [
        quad("a", IRI("https://x.example/1"), ox.Literal("no name in XML")),
        quad("a", IRI("https://schema.org/endDate"), ox.Literal("x")),
        quad("a", IRI("https://w3id.org/attest/ns#latestEnd"), ox.Literal("no date")),
    ]
    found = manifest.verify(write(tmp_path, replace(contents, quads=[*contents.quads, *bad])))
    downloads = {file.path for file in found.files if file.path.startswith("downloads/")}
    assert downloads == {f"downloads/dataset.{suffix}" for suffix in EXPORTS if suffix != RDF_XML.suffix}


@pytest.mark.parametrize(
    ("lost", "said"),
    [(1, "its last line has no end"), (None, r"has \d+ bytes instead of")],
    ids=["byte", "line"],
)
def test_what_does_not_read_back_is_not_published(
    tmp_path: Path, contents: Contents, monkeypatch: pytest.MonkeyPatch, lost: int | None, said: str
) -> None:
    """A disk that loses a byte, or a line, without a word: the file is cut after it was forced to disk."""
    directory = write(tmp_path, contents)
    real = os.fsync

    def losing(descriptor: int) -> None:
        real(descriptor)
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        if path.name == "quads.nq":
            last = len(path.read_bytes().splitlines(keepends=True)[-1])
            os.truncate(path, path.stat().st_size - (lost or last))

    monkeypatch.setattr(os, "fsync", losing)
    with pytest.raises(StoreError, match=rf"quads\.nq.* {said}"):
        write(tmp_path, other(contents, 1))
    assert manifest.current(tmp_path) == directory
    assert not list(tmp_path.glob(".building-*"))
