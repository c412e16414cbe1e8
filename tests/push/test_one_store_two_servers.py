"""Two servers in front of one store, and kg push and kg validate as commands."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import urlopen

import pytest
from servers import Server

import collection
import kg
from kg import building
from kg.cli import main
from kg.project import Project
from kg.store.remote import RemoteStore
from kg.transfer import Access, Shipment, Target, Transfer
from suites import ROOT

pytestmark = pytest.mark.xdist_group("push")

BASE = "http://two-servers.example/"
VALUES = f"SELECT ?a ?b {{ GRAPH <{BASE}graph/a> {{ <urn:s> <urn:p> ?a }} GRAPH <{BASE}graph/b> {{ <urn:s> <urn:p> ?b }} }}"


def build(out: Path, number: int) -> kg.Archive:
    """Build a release in *out* whose two graphs both say *number*."""
    file = out.parent / "data.trig"
    file.write_text(
        "".join(f"<{BASE}graph/{name}> {{ <urn:s> <urn:p> {number} }}\n" for name in "ab"), encoding="utf-8"
    )
    building.build(Project.adhoc([file], base=BASE, title="Two"), out)
    return kg.open(out)


@contextmanager
def serving(out: Path, endpoint: str) -> Iterator[str]:
    """Run ``kg serve`` in a process of its own, and give its address."""
    command = [sys.executable, "-m", "kg", "serve", str(out), "--endpoint", endpoint]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=out.parent) as process:
        try:
            assert process.stdout
            line = next(line for line in process.stdout if line.startswith("serving on "))
            yield line.split()[2].rstrip("/")
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)


def get(url: str) -> tuple[int, str]:
    try:
        with urlopen(url, timeout=30) as answer:  # noqa: S310 — on loopback
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


def asked(url: str, query: str = VALUES) -> tuple[int, str]:
    return get(f"{url}/sparql.csv?query={quote(query)}")


def test_two_servers_show_one_release_or_the_other(oxigraph_server: Server, tmp_path: Path) -> None:
    """Whoever asks, all the while, gets both graphs of the first release, or both of the second, or is told to wait."""
    out = tmp_path / "releases"
    first = build(out, 1)
    oxigraph_server.push(first)
    over = threading.Event()
    answers: set[tuple[int, str]] = set()

    def ask(url: str) -> None:
        while not over.is_set():
            status, body = asked(url)
            answers.add((status, body if status == 200 else ""))

    with ExitStack() as stack:
        urls = [stack.enter_context(serving(out, oxigraph_server.read)) for _ in range(2)]
        assert [asked(url) for url in urls] == [(200, "a,b\r\n1,1\r\n")] * 2
        for hidden in (
            f"FROM <{BASE}other> {{ GRAPH <urn:x-attest:standing> {{ ?s ?p ?o }} }}",
            "FROM <urn:x-attest:standing> { ?s ?p ?o }",
        ):
            assert asked(urls[0], " ".join(("SELECT ?s", hidden))) == (200, "s\r\n")
        assert asked(urls[0], "SELECT * { ?s ?p ")[0] == 400
        assert asked(urls[0], "INSERT DATA { <urn:a> <urn:b> <urn:c> }")[0] == 400
        assert asked(urls[0], "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }")[0] == 400
        threads = [threading.Thread(target=ask, args=(url,)) for url in urls]
        for thread in threads:
            thread.start()
        try:
            second = build(out, 2)
            assert [asked(url) for url in urls] == [(200, "a,b\r\n1,1\r\n")] * 2  # built, and not pushed yet
            oxigraph_server.push(second)
            end = time.monotonic() + 60
            while any(asked(url) != (200, "a,b\r\n2,2\r\n") for url in urls) and time.monotonic() < end:
                time.sleep(0.1)
        finally:
            over.set()
            for thread in threads:
                thread.join(30)
        health = [json.loads(get(f"{url}/health")[1]) for url in urls]
    assert [(each["status"], each["release"]) for each in health] == [("ok", second.manifest.id)] * 2
    assert {body for status, body in answers if status == 200} == {"a,b\r\n1,1\r\n", "a,b\r\n2,2\r\n"}
    assert {status for status, _ in answers} <= {200, 503}


def command(*arguments: object) -> int:
    with pytest.raises(SystemExit) as ended:
        main([str(each) for each in arguments])
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_the_command_says_what_it_would_do_and_does_it(
    oxigraph_server: Server, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    archive = build(tmp_path / "releases", 7)
    where = oxigraph_server.arguments()
    before = oxigraph_server.target().records()
    assert command("push", *where, archive.directory, "--dry-run") == 0
    said = capfd.readouterr()
    assert f"  send             1  {BASE}graph/a\n" in said.out
    assert "(nothing was written)" in said.err
    assert oxigraph_server.target().records() == before
    assert command("push", *where, archive.directory) == 0
    said = capfd.readouterr()
    assert (
        f"release {archive.manifest.id} stands at {oxigraph_server.read}: 2 statements in 2 graphs"
        in said.out
    )
    assert said.err.split() == ["sent", "counted", "put", "in", "place", "cleared", "away"]
    assert command("push", *where, archive.directory) == 0
    assert f"release {archive.manifest.id} stands there" in capfd.readouterr().out


def test_the_command_ends_as_it_should_where_it_cannot(
    oxigraph_server: Server, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    archive = build(tmp_path / "releases", 8)
    assert command("push", "http://127.0.0.1:1/sparql", archive.directory) == 3
    assert command("push", oxigraph_server.read, archive.directory) == 3  # that address takes no updates
    assert command("push", "http://me:s3cret@127.0.0.1:1/", archive.directory) == 4
    assert command("push", *oxigraph_server.arguments(), tmp_path / "nowhere") == 4
    assert command("serve", archive.directory, "--endpoint", oxigraph_server.read) == 4
    said = capfd.readouterr()
    assert "which is not in" in said.err
    assert "s3cret" not in said.out + said.err


def test_ctrl_c_leaves_what_can_be_gone_on_with(
    oxigraph_server: Server,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, second = build(tmp_path / "first", 1), build(tmp_path / "second", 2)
    where = (*oxigraph_server.arguments(), "--batch", 1)
    assert command("push", *where, first.directory) == 0
    insert = Target.insert

    def pressed(*given: object) -> None:
        insert(*given)  # type: ignore[arg-type]
        os.kill(os.getpid(), signal.SIGINT)

    with monkeypatch.context() as patched:
        patched.setattr(Target, "insert", pressed)
        assert command("push", *where, second.directory) == 130
    assert "interrupted; readers see what they saw before" in capfd.readouterr().err
    store = RemoteStore.open(oxigraph_server.read, dataset=first.base.dataset)
    assert store.standings[0].release == first.manifest.id
    assert set(map(str, store.quads())) == set(map(str, first.store.quads()))
    assert command("push", *where, second.directory) == 0
    assert "  goes on after 50%" in capfd.readouterr().out


def test_what_a_store_holds_is_validated(
    oxigraph_server: Server,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    directory = kg.open(collection.built()).directory
    assert directory
    import oxigraph

    with oxigraph.writable() as url:
        transfer = Transfer(
            Shipment(directory), Target(Access.of(f"{url}/query", f"{url}/update", environment={}))
        )
        transfer.carry_out(transfer.plan())
        monkeypatch.chdir(ROOT)
        claim = "https://attest.example/baku-1990/id/claim/asbarez-c02-s2-01"
        graph = "https://attest.example/baku-1990/graph/source/asbarez-91953"
        status = "https://w3id.org/attest/ns#claimant"
        Target(Access.of(f"{url}/query", f"{url}/update", environment={})).update(
            f"DELETE WHERE {{ GRAPH <{graph}> {{ <{claim}> <{status}> ?o }} }}"
        )
        assert command("validate", "--endpoint", f"{url}/query", "--format", "json") == 1
        found = json.loads(capfd.readouterr().out)
    assert {each["focus"] for each in found["findings"] if each["severity"] == "violation"} == {f"<{claim}>"}
    warned = {each["rule"] for each in found["findings"] if each["severity"] != "violation"}
    assert warned == {"alike", "photograph-dateline", "quantity-scope"}  # as the build warns
    assert command("validate", "--endpoint", "build") == 2
    assert command("validate", "--endpoint", "http://127.0.0.1:1/", "--watch") == 2
