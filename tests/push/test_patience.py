"""What a transfer does when a store has no time, breaks off or refuses: told by an endpoint that misbehaves."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

import faults
import kg
from kg.errors import StoreError
from kg.transfer import Access, Patience, Shipment, Target
from kg.transfer.shipment import Batch

COUNT = faults.reply(b'{"head":{"vars":["n"]},"results":{"bindings":[{"n":{"type":"literal","value":"7"}}]}}')
DONE = faults.reply(b"", None, "204 No Content")
BATCH = Batch(0, 9, {"urn:g": [b"<urn:s> <urn:p> <urn:o%d>" % number for number in range(8)]})


def busy(status: str, *headers: str) -> bytes:
    return faults.reply(b"too busy", "text/plain", status, *headers)


def target(url: str, waits: list[float] | None = None, **more: object) -> Target:
    sleep = waits.append if waits is not None else lambda _: None
    return Target(Access.of(url, environment={}), Patience(sleep=sleep), **more)  # type: ignore[arg-type]


def in_turn(*answers: faults.Piece) -> Callable[[faults.Request], Iterable[faults.Piece]]:
    """Give *answers* one after the other, the last one for good."""
    left = list(answers)
    return lambda request: [left.pop(0) if len(left) > 1 else left[0]]


@pytest.mark.parametrize(
    "trouble",
    [busy("503 Busy"), busy("429 Slow down"), busy("502 Bad Gateway"), busy("504 Late"), faults.RESET, b""],
    ids=["503", "429", "502", "504", "reset", "closed"],
)
def test_what_passes_is_waited_for(trouble: faults.Piece) -> None:
    waits: list[float] = []
    with faults.endpoint(in_turn(COUNT, trouble, trouble, trouble, COUNT)) as told:
        store = target(told.url, waits)
        assert [store.count("urn:g"), store.count("urn:g")] == [7, 7]
    assert store.waits == len(waits) == 3
    for number, wait in enumerate(waits):
        assert 0.25 * 2**number <= wait <= 0.5 * 2**number


def test_retry_after_is_heeded() -> None:
    waits: list[float] = []
    with faults.endpoint(in_turn(busy("503 Busy", "Retry-After: 17"), COUNT)) as told:
        assert target(told.url, waits).count("urn:g") == 7
    assert waits == [17.0]


@pytest.mark.parametrize("after", ["Retry-After: 4000", "Retry-After: Fri, 31 Dec 2999 23:59:59 GMT"])
def test_nobody_waits_for_an_hour(after: str) -> None:
    waits: list[float] = []
    with (
        faults.endpoint(in_turn(busy("503 Busy", after))) as told,
        pytest.raises(kg.RemoteError, match="has no time now"),
    ):
        target(told.url, waits).count("urn:g")
    assert waits == []


def test_patience_ends() -> None:
    waits: list[float] = []
    with (
        faults.endpoint(in_turn(busy("503 Busy"))) as told,
        pytest.raises(kg.RemoteError, match="has no time now") as raised,
    ):
        target(told.url, waits).count("urn:g")
    assert (len(waits), told.hits, raised.value.status) == (7, 8, 503)


def test_an_address_where_nobody_is_fails_at_once() -> None:
    waits: list[float] = []
    with pytest.raises(kg.RemoteError, match="cannot be reached"):
        target("http://127.0.0.1:1/sparql", waits).count("urn:g")
    assert waits == []


def test_a_deadline_is_an_error_of_the_network() -> None:
    with (
        faults.endpoint(lambda _: faults.forever(faults.PAUSE)) as told,
        pytest.raises(kg.RemoteError, match="did not answer within") as raised,
    ):
        target(told.url, timeout=0.2).count("urn:g")
    assert isinstance(raised.value.__cause__, OSError)


@pytest.mark.parametrize("status", ["413 Too Large", "400 Bad Request", "500 Too many lines"])
def test_what_is_too_much_at_once_goes_in_halves(status: str) -> None:
    def small(request: faults.Request) -> Iterable[faults.Piece]:
        return [DONE if request.body.count(b"<urn:s>") <= 3 else busy(status)]

    with faults.endpoint(small) as told:
        target(told.url).insert(BATCH, {"urn:g": "urn:staged"}, "# progress")
    taken = [request.body for request in told.requests if request.body.count(b"<urn:s>") <= 3]
    assert sum(body.count(b"<urn:s>") for body in taken) == 8
    assert [b"# progress" in body for body in taken] == [False, False, False, True]
    assert {request.headers["content-type"] for request in told.requests} == {"application/sparql-update"}


def test_the_statement_that_is_refused_is_named() -> None:
    def picky(request: faults.Request) -> Iterable[faults.Piece]:
        return [busy("400 Bad Request") if b"<urn:o5>" in request.body else DONE]

    with faults.endpoint(picky) as told, pytest.raises(StoreError) as raised:
        target(told.url).insert(BATCH, {"urn:g": "urn:staged"}, "")
    assert "does not take this statement of urn:g: <urn:s> <urn:p> <urn:o5> — " in str(raised.value)


@pytest.mark.parametrize("challenge", ["Basic realm=x", None], ids=["Basic", "no challenge"])
def test_basic_is_sent_where_it_is_asked_for(challenge: str | None) -> None:
    headers = [f"WWW-Authenticate: {challenge}"] if challenge else []

    def closed(request: faults.Request) -> Iterable[faults.Piece]:
        open_ = request.headers.get("authorization") == "Basic bWU6c2VjcmV0"
        return [COUNT if open_ else busy("401 Unauthorized", *headers)]

    access = {"KG_PUSH_USER": "me", "KG_PUSH_PASSWORD": "secret"}
    with faults.endpoint(closed) as told:
        store = Target(Access.of(told.url, environment=access))
        assert [store.count("urn:g"), store.count("urn:g")] == [7, 7]
    assert ["authorization" in request.headers for request in told.requests] == [False, True, True]


def test_a_token_is_sent_at_once() -> None:
    with faults.endpoint(in_turn(COUNT)) as told:
        Target(Access.of(told.url, environment={"KG_PUSH_TOKEN": "t0ken"})).count("urn:g")
    assert [request.headers["authorization"] for request in told.requests] == ["Bearer t0ken"]


@pytest.mark.parametrize(
    ("url", "environment", "says"),
    [
        ("https://me@store.example/", {}, "history of the terminal"),
        ("https://me:secret@store.example/", {}, "history of the terminal"),
        ("http://store.example/", {"KG_PUSH_TOKEN": "secret"}, "in the clear"),
        ("https://store.example/", {"KG_PUSH_USER": "me"}, "KG_PUSH_PASSWORD"),
        ("https://store.example/", {"KG_PUSH_USER": "me", "KG_PUSH_PASSWORD": "secret", "KG_PUSH_TOKEN": "secret"}, "alone"),
        ("store.example", {}, "is not the address"),
    ],
)  # fmt: skip
def test_no_secret_goes_where_it_might_be_seen(url: str, environment: dict[str, str], says: str) -> None:
    with pytest.raises(StoreError, match=says) as raised:
        Access.of(url, environment=environment)
    assert "secret" not in f"{raised.value} {raised.value.remedy}"
    assert "secret" not in repr(Access.of("https://store.example/", environment={"KG_PUSH_TOKEN": "secret"}))


def quads(directory: Path, text: str) -> Shipment:
    from kg import manifest
    from kg.manifest import File, Manifest

    (directory / "quads.nq").write_text(text, encoding="utf-8")
    size, sha256 = manifest.digest(directory / "quads.nq")
    listed = Manifest(
        id="0123456789ab",
        title="T",
        base="http://x.example/",
        files=(File("quads.nq", size, sha256, "application/n-quads"),),
    )
    (directory / "manifest.json").write_text(listed.to_json(), encoding="utf-8")
    return Shipment(directory)


def test_batches_keep_to_their_bounds(tmp_path: Path) -> None:
    lines = sorted(f'<urn:s{n:03}> <urn:p> "{"x" * (n % 50)}" <urn:g{n % 3}> .\n' for n in range(200))
    shipment = quads(tmp_path, "".join(lines))
    assert {graph: held.quads for graph, held in shipment.graphs.items()} == {
        "urn:g0": 67,
        "urn:g1": 67,
        "urn:g2": 66,
    }
    batches = list(shipment.batches(0, ["urn:g0", "urn:g2"], triples=10, most=400))
    assert all(batch.size <= 10 for batch in batches)
    sizes = [[len(line) for lines in batch.graphs.values() for line in lines] for batch in batches]
    assert all(len(size) == 1 or sum(size) <= 400 for size in sizes)
    assert sum(batch.size for batch in batches) == 133
    for number, batch in enumerate(batches[1:], 1):  # from any end the rest is the rest
        assert batch.start == batches[number - 1].end
        rest = list(shipment.batches(batch.start, ["urn:g0", "urn:g2"], triples=10, most=400))
        assert [each.graphs for each in rest] == [each.graphs for each in batches[number:]]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("<urn:s> <urn:p> <urn:o> .\n", "in no named graph"),
        ('<urn:s> <urn:p> <<( <urn:a> <urn:b> "c" )>> <urn:g> .\n', "no words for"),
    ],
)
def test_what_no_server_could_hold_is_told_before(text: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=says):
        quads(tmp_path, text)
