"""What bench/serve.py says of its measurements: tables in Markdown, and for each aim whether it is met."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from measuring import BOMBERS, CONCURRENCY, FROZEN, REPEATS, SECONDS, UNDER_BOMBS, Cell, Measured
from peers import MEMORY, OURS, OXIGRAPH, PEERS, Peer
from workloads import CHECKED, LISTED, WORKLOADS, Collection

SMALL: Final = "collection"
LARGE: Final = "generated"
_MOST_UNDER_BOMBS: Final = 100.0
_NONE: Final = "–"

Found = Mapping[tuple[str, str], Measured]
"""The measurements by collection and peer."""


@dataclass(frozen=True, slots=True)
class Aim:
    """An aim, what was measured of it, and whether it is met."""

    text: str
    measured: str
    met: bool

    def as_json(self) -> dict[str, Any]:
        """Give it as JSON."""
        return asdict(self)


def aims(found: Found) -> list[Aim]:
    """Give every aim. What could not be measured is not met."""
    python = [peer for peer in PEERS if peer.python and peer is not OURS]
    places = ((LARGE, 10, "a million quads"), (SMALL, 2, "the small collection"))
    rows = []
    for key, least, where in places:
        for peer in python:
            for kind in ("fresh", "repeated"):
                text = f"{least} times {peer.name} on {_KINDS[kind]} look-ups, {where}"
                rows.append(_ratio(text, found, key, peer, f"look-up {kind}", least))
    for key, _, where in places:
        for most, note in ((2, ""), (1.5, " (the stretch)")):
            text = f"at most {most} times behind Oxigraph on uncached look-ups{note}, {where}"
            rows.append(_ratio(text, found, key, OXIGRAPH, "look-up fresh", 1 / most))
        text = f"ahead of Oxigraph on repeated look-ups, {where}"
        rows.append(_ratio(text, found, key, OXIGRAPH, "look-up repeated", 1))
    return rows + [_bombed(found, key, where) for key, _, where in places]


def _ratio(text: str, found: Found, key: str, peer: Peer, name: str, least: float) -> Aim:
    """Give the aim *text*: that our rate is *least* times that of *peer*, at each concurrency."""
    ratios = []
    for concurrency in CONCURRENCY:
        ours, theirs = (_right(found[key, each.key], f"{name} {concurrency}") for each in (OURS, peer))
        if not ours or not theirs:
            return Aim(text, f"{peer.name if ours else OURS.name} gave no right answers to measure", False)
        ratios.append(ours.rate / theirs.rate)
    measured = ", ".join(
        f"{ratio:{'.0f' if ratio >= 10 else '.2g'}} × at {at}"
        for ratio, at in zip(ratios, CONCURRENCY, strict=True)
    )
    return Aim(text, measured, min(ratios) >= least)


def _bombed(found: Found, key: str, where: str) -> Aim:
    """Give the aim that only we answer trivial queries in time while bombs run."""
    said, met = [], True
    for peer in PEERS:
        measured = found[key, peer.key]
        cell = measured.bombed.get("trivial")
        in_time = cell is not None and not cell.failed and cell.p99 < _MOST_UNDER_BOMBS
        known = cell is not None
        met = met and known and in_time is (peer is OURS)
        said.append(f"{peer.name} {_under(cell) if cell else _NONE}")
    return Aim(
        f"the only one whose trivial queries stay under 100 ms at p99 while bombs run, {where}",
        "; ".join(said),
        met,
    )


def _right(measured: Measured, name: str) -> Cell | None:
    """Give a cell whose answers were right and whole."""
    cell = measured.cells.get(name)
    return cell if cell and not cell.failed else None


_KINDS: Final = {"fresh": "uncached", "repeated": "repeated"}


def page(found: Found, collections: Sequence[Collection], profile: Sequence[str], machine: str) -> str:
    """Give everything as Markdown."""
    rows = aims(found)
    lines = [
        "## Serving, beside others",
        "",
        f"Made with `make bench-serve`; the same figures for machines in [benchmarks-serve.json](benchmarks-serve.json). {machine} "
        "The client has the same processors as the servers: ratios count, not rates.",
        "",
        *_table(
            ("aim", "measured", "met"),
            ((aim.text, aim.measured, "yes" if aim.met else "**no**") for aim in rows),
        ),
        "",
        *_how(found),
    ]
    for collection in collections:
        lines += [
            "",
            f"### {collection.title}: {collection.number:,} quads",
            "",
            *_rates(found, collection.key),
        ]
        lines += ["", *_cold(found, collection.key), "", *_bombs(found, collection.key)]
    if profile:
        lines += ["", "### Where the time of a look-up goes", "", *profile]
    return "\n".join(lines)


def _how(found: Found) -> list[str]:
    """Give what was compared and how."""
    lines = list(
        _table(
            ("server", "version", "how it was run"),
            ((peer.name, found[LARGE, peer.key].version or "not installed", peer.how) for peer in PEERS),
        )
    )
    one, many = CONCURRENCY
    lines += [
        "",
        f"Each server is started afresh on each collection, alone on the machine but for the client, with at most {MEMORY >> 30} GiB of address "
        f"space a process. A look-up is `SELECT ?p ?o {{ <iri> ?p ?o }}` over a thousand IRIs; the listing has {LISTED} events by label, the aggregate "
        "counts the members of each class; a resource in Turtle is our document, for others the same statements by CONSTRUCT; in HTML it is "
        "the page of those that have one. *Uncached*: no request is sent twice (variables differ, or the IRI does). *Repeated*: it is always the same. "
        f"Cells are answers a second · p50 · p99 in ms, medians of {REPEATS} runs of {SECONDS:g} s, with {one} and with {many} requests at a time over "
        f"connections kept alive. Before that the answers to {CHECKED} requests were compared with the truth: a wrong one is said instead of figures. "
        "What takes longer than 0.6 s is measured twice only, one after the other. In brackets: how much of one processor the client took, where it "
        "was more than half.",
        "",
        f"Bombs are the queries of `tests/web/bombs.py`, all sent at once and each again when it is answered, from {len(BOMBERS)} addresses; meanwhile requests "
        f"go out from another one at a time, 10 ms after each answer, and one that is not answered in {FROZEN:.0f} s counts with that time.",
    ]
    return lines


def _rates(found: Found, key: str) -> Iterable[str]:
    def rows() -> Iterable[Sequence[str]]:
        for load in WORKLOADS:
            for kind in ("fresh", "repeated"):
                for concurrency in CONCURRENCY:
                    name = f"{load.key} {kind} {concurrency}"
                    what = f"{load.title}, {_KINDS[kind]}"
                    yield (
                        f"{what}, {concurrency}",
                        *(_cell(found[key, peer.key], load.key, name) for peer in PEERS),
                    )

    return _table(("answers a second · p50 · p99", *_names()), rows())


def _cell(measured: Measured, load: str, name: str) -> str:
    if measured.failed:
        return "did not run"
    if load in measured.wrong:
        return "wrong"
    if (cell := measured.cells.get(name)) is None:
        return _NONE
    if cell.failed:
        return f"{cell.failed} of {cell.answers} failed"
    client = f" [{cell.client:.0%}]" if cell.client > 0.5 else ""
    rate = f"{cell.rate:,.0f}" if cell.rate >= 10 else f"{cell.rate:.2g}"
    return f"{rate} · {_ms(cell.p50)} · {_ms(cell.p99)}{client}"


def _ms(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:.0f}"


def _cold(found: Found, key: str) -> Iterable[str]:
    def rows() -> Iterable[Sequence[str]]:
        yield "start, s", *(f"{found[key, peer.key].started:.1f}" for peer in PEERS)
        for load in WORKLOADS:
            yield load.title, *(_first(found[key, peer.key], load.key) for peer in PEERS)

    return _table(("the first of its kind after the start, ms", *_names()), rows())


def _first(measured: Measured, load: str) -> str:
    if load in measured.wrong:
        return f"wrong: {measured.wrong[load]}".replace("|", "\\|")
    return _ms(measured.cold[load]) if load in measured.cold else _NONE


def _bombs(found: Found, key: str) -> Iterable[str]:
    titles = {load.key: load.title for load in WORKLOADS}

    def rows() -> Iterable[Sequence[str]]:
        for load in UNDER_BOMBS:
            cells = [found[key, peer.key].bombed.get(load) for peer in PEERS]
            yield titles[load], *(_under(cell) if cell else _NONE for cell in cells)
        yield "the bombs were answered", *(_statuses(found[key, peer.key].bombs) for peer in PEERS)
        yield "afterwards", *(found[key, peer.key].after or _NONE for peer in PEERS)

    return _table(("while bombs run: p50 · p99 · max, ms", *_names()), rows())


def _under(cell: Cell) -> str:
    failed = f", {cell.failed} of {cell.answers} failed" if cell.failed else ""
    return f"{_ms(cell.p50)} · {_ms(cell.p99)} · {_ms(cell.worst)}{failed}"


def _statuses(bombs: Mapping[str, int]) -> str:
    said = {"0": "cut"}
    return (
        ", ".join(f"{count} × {said.get(status, status)}" for status, count in sorted(bombs.items()))
        or "not one"
    )


def _names() -> list[str]:
    return [peer.name for peer in PEERS]


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterable[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
