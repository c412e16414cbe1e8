"""An endpoint that misbehaves: each fault is one error that says what happened, in time, and nothing of the answer."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterable

import pytest

import faults
import kg
from faults import FAULTS, Fault
from kg.errors import QueryError, QueryTimeout, RemoteError, StoreError
from kg.store.limits import Limits
from kg.store.remote import RemoteStore

ALL = "SELECT ?s WHERE { ?s ?p ?o }"


def limits(fault: Fault) -> Limits:
    return Limits(timeout=0.4 if fault.error == "QueryTimeout" else 20, max_bytes=10_000_000, max_rows=1_000)


def behaviour(fault: Fault) -> faults.Behaviour:
    return lambda request: faults.well(request) if request.query.startswith("ASK") else fault.does()


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_in_an_answer(name: str) -> None:
    fault = FAULTS[name]
    with faults.endpoint(behaviour(fault)) as told:
        store = RemoteStore.open(told.url, limits(fault))
        with pytest.raises(kg.KgError) as raised:
            store.query(ALL)
        assert type(raised.value).__name__ == fault.error
        assert fault.says in f"{raised.value} → {raised.value.remedy}"
        assert (fault.code == 3) == (
            isinstance(raised.value.__cause__, OSError) or getattr(raised.value, "status", 0) != 0
        )
        if fault.error != "QueryTooLarge":
            assert told.url in str(raised.value)
        assert "\x1b" not in str(raised.value) + raised.value.remedy
        assert told.hits == 3  # it is asked once, and not again


@pytest.mark.parametrize("name", ["never answers", "a web page", "reset in the body", "status 503"])
def test_a_fault_at_the_first_question(name: str) -> None:
    fault = FAULTS[name]
    with faults.endpoint(lambda _: fault.does()) as told:
        with pytest.raises(kg.KgError) as raised:
            kg.open(told.url, timeout=0.4)
        assert type(raised.value).__name__ == fault.error
        assert told.hits == 1


def test_what_was_too_slow_is_let_go() -> None:
    """The thread of an exchange that is over ends, though the other side trickles on."""
    fault = FAULTS["slow body"]
    with faults.endpoint(behaviour(fault)) as told:
        store = RemoteStore.open(told.url, Limits(timeout=0.3))
        for _ in range(3):
            with pytest.raises(QueryTimeout):
                store.query(ALL)
        for _ in range(200):
            if not any(thread.name == "exchange" for thread in threading.enumerate()):
                return
            time.sleep(0.05)
    raise AssertionError("an exchange runs on")


def test_no_thread_can_be_started_for_an_exchange(monkeypatch: pytest.MonkeyPatch) -> None:
    start = threading.Thread.start

    def refuse(thread: threading.Thread) -> None:
        if thread.name == "exchange":
            raise RuntimeError("can't start new thread")
        start(thread)

    with faults.endpoint() as told:
        store = RemoteStore.open(told.url)
        monkeypatch.setattr(threading.Thread, "start", refuse)
        with pytest.raises(StoreError, match="no thread can be started") as raised:
            store.query(ALL)
        assert "more memory or threads" in raised.value.remedy
        assert told.hits == 0


def test_a_store_answers_again_after_a_fault() -> None:
    answers: list[Iterable[faults.Piece]] = [FAULTS["status 503"].does(), [faults.reply(faults.MANY)]]
    with faults.endpoint(
        lambda request: faults.well(request) if "ASK" in request.query else answers.pop(0)
    ) as told:
        store = RemoteStore.open(told.url)
        with pytest.raises(RemoteError) as raised:
            store.query(ALL)
        assert raised.value.status == 503
        assert len(store.query(ALL).rows) == 50  # type: ignore[union-attr]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("text", [ALL, ALL + "#" + "x" * 3_000])
def test_a_redirect_is_named_and_not_followed(status: int, text: str) -> None:
    with faults.endpoint() as other:
        away = faults.reply(b"", None, f"{status} Away", f"Location: {other.url}\x1b?a=b")
        with faults.endpoint(faults.after_asking(away)) as told:
            with pytest.raises(RemoteError) as raised:
                RemoteStore.open(told.url).query(text)
            assert rf"sends on to {other.url}\x1b?a=b" in str(raised.value)
            assert raised.value.status == status
        assert other.hits == 0


def test_a_redirect_to_nowhere() -> None:
    with (
        faults.endpoint(faults.after_asking(faults.reply(b"", None, "302 Away"))) as told,
        pytest.raises(RemoteError, match="status 302"),
    ):
        RemoteStore.open(told.url).query(ALL)


def test_a_closed_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(RemoteError, match="cannot be reached: Connection refused") as raised:
        kg.open(f"http://127.0.0.1:{port}/sparql")
    assert "server runs" in raised.value.remedy


def test_a_name_that_is_none() -> None:
    """``.invalid`` never resolves (RFC 6761); how soon that is known is the resolver's affair, so either error will do."""
    with pytest.raises((RemoteError, QueryTimeout)) as raised:
        kg.open("http://archive.invalid/sparql", timeout=2)
    assert isinstance(raised.value.__cause__, OSError)


def test_no_tls_behind_the_address() -> None:
    with faults.endpoint() as told, pytest.raises(RemoteError, match="cannot be trusted"):
        kg.open(told.url.replace("http:", "https:"), timeout=5)


@pytest.mark.parametrize(
    ("pieces", "says"),
    [
        ([b"HTTP/1.1 200 OK\r\nContent-Type: application/n-triples\r\n\r\n<urn:a> <urn:b> <urn:c> .\n"], "whether it is whole"),
        ([faults.reply(b"<urn:a> <urn:b> <urn:c", "application/n-triples")], "is damaged"),
        ([faults.reply(b"<urn:a> <urn:b> 'c'", "text/turtle")], "is damaged"),
        ([faults.reply(b"<< " * 30_000, "text/turtle")], "100 triple terms"),
        ([faults.reply(b"<urn:a> <urn:b> <<( " * 30_000, "application/n-triples")], "100 triple terms"),
        ([faults.reply(b"<rdf/>", "application/rdf+xml")], "is application/rdf+xml, and application/n-triples was"),
        ([faults.reply()], f"is {faults.RESULTS}"),
        ([faults.reply(b"<urn:a> <urn:b> 1 , 2 , 3 , 4 .", "text/turtle")], "more than 3 triples"),
    ],
)  # fmt: skip
def test_triples_that_are_not_whole(pieces: list[bytes], says: str) -> None:
    """N-Triples and Turtle mark no end, so HTTP must: a list of statements that breaks off looks like a shorter one."""
    with faults.endpoint(faults.after_asking(*pieces)) as told:
        store = RemoteStore.open(told.url, Limits(max_rows=3))
        with pytest.raises(kg.KgError) as raised:
            store.query("CONSTRUCT WHERE { ?s ?p ?o }")
        assert says in str(raised.value)


def test_triples_in_chunks_and_in_turtle() -> None:
    body = b"@prefix x: <urn:> . x:a x:b <> , 'a << b' ."
    chunks = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/turtle;charset=UTF-8\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    chunked = chunks + b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    with faults.endpoint(faults.after_asking(chunked)) as told:
        found = RemoteStore.open(told.url).query("DESCRIBE <urn:a>")
        assert {str(triple.object) for triple in found} == {f"<{told.url}>", '"a << b"'}  # type: ignore[union-attr]


def test_too_many_rows() -> None:
    with (
        faults.endpoint(faults.after_asking(faults.reply(faults.MANY))) as told,
        pytest.raises(kg.QueryTooLarge, match="50 rows, and 49 are allowed") as raised,
    ):
        RemoteStore.open(told.url, Limits(max_rows=49)).query(ALL)
    assert "max_rows" in raised.value.remedy


@pytest.mark.parametrize("wrong", [{"timeout": 0}, {"timeout": -1}, {"timeout": float("nan")}, {"timeout": 1e9}, {"max_bytes": 0}, {"max_rows": 0}])  # fmt: skip
def test_limits_that_are_none(wrong: dict[str, float]) -> None:
    with pytest.raises(QueryError):
        kg.open("http://127.0.0.1:1/sparql", **wrong)  # type: ignore[arg-type]


ODD = {
    "two variables more": b'{"head":{"vars":["g","n","x"]},"results":{"bindings":[]}}',
    "no count": b'{"head":{"vars":["n"]},"results":{"bindings":[]}}',
    "a count that is none": b'{"head":{"vars":["n"]},"results":{"bindings":[{"n":{"type":"literal","value":"-1"}}]}}',
    "a quad without a subject": b'{"head":{"vars":["s","p","o","g"]},"results":{"bindings":[{}]}}',
    "a literal for a predicate": (
        b'{"head":{"vars":["s","p","o","g"]},"results":{"bindings":[{"s":{"type":"uri","value":"urn:a"},'
        b'"p":{"type":"literal","value":"b"},"o":{"type":"uri","value":"urn:a"}}]}}'
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ODD)
def test_rows_that_were_not_asked_for(name: str) -> None:
    """Whole and well-formed, and still no answer to the question."""
    with faults.endpoint(faults.after_asking(faults.reply(ODD[name]))) as told:
        store = RemoteStore.open(told.url)
        asked = store.quads if "quad" in name or "predicate" in name else store.__len__
        with pytest.raises(RemoteError, match="the answer of http"):
            asked()
