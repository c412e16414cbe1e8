"""What bench/scale.py says of its measurements: the aims, each met or not, and tables in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from scaling.measuring import REPEATS, WORKS, Measured
from scaling.peers import OXIGRAPH, PEERS, PYSHACL, RDFLIB, TOPBRAID, Peer

_NONE: Final = "–"
_MILLION: Final = 1_000_000
_NAMES: Final = {peer.key: peer.name for peer in PEERS}


class Found:
    """All measurements, by tool, number of quads and work."""

    def __init__(self, measured: Iterable[Measured]) -> None:
        self.all = list(measured)
        self._by = {(each.peer, each.number, each.work): each for each in self.all}
        self.numbers = sorted({each.number for each in self.all})

    def done(self, peer: str, number: int, work: str) -> Measured | None:
        """Give a measurement of work that was done, and right as far as it is a query or a file."""
        found = self._by.get((peer, number, work))
        return found if found and found.done and not found.wrong else None

    def why_not(self, peer: str, number: int, work: str) -> str:
        """Say why there is no such measurement."""
        found = self._by.get((peer, number, work))
        if found is None:
            return f"{_NAMES[peer]} was not measured at {number:,} quads"
        return (
            f"{_NAMES[peer]} did not run: {found.failed}"
            if found.failed
            else f"{_NAMES[peer]}: {found.wrong}"
        )


@dataclass(frozen=True, slots=True)
class Aim:
    """An aim, the peer that it is held against, both figures, their ratio, and whether it is met; ``why`` says why not."""

    text: str
    peer: str
    theirs: str
    ours: str
    ratio: str
    met: bool
    why: str = ""

    def as_json(self) -> dict[str, Any]:
        """Give it as JSON."""
        return asdict(self)


def aims(found: Found) -> list[Aim]:
    """Give every aim, at each size that was measured or that the aim names. What could not be measured is not met."""
    rows = []
    for number in found.numbers:
        at = f"at {number:,} quads"
        rows.append(
            _against(
                f"loading within 1.3 times of `oxigraph load`, {at}", found, number, "load", OXIGRAPH, 1 / 1.3
            )
        )
        for work in ("turtle", "jsonld"):
            rows.append(_against(f"5 times rdflib: {WORKS[work]}, {at}", found, number, work, RDFLIB, 5))
        rows.append(_against(f"validation ahead of TopBraid, {at}", found, number, "validate", TOPBRAID, 1))
        rows.append(_exact(f"findings are those planted, {at}", found, number))
    rows.append(_against("60 times pySHACL, at 100,000 quads", found, 100_000, "validate", PYSHACL, 60))
    for number, seconds in ((_MILLION, 10), (10 * _MILLION, 120), (10 * _MILLION, 90)):
        note = " (the stretch)" if seconds == 90 else ""
        rows.append(
            _most(
                f"validate {number:,} quads in {seconds} s{note}", found, (number, "validate"), "s", seconds
            )
        )
    for work in ("validate", "load"):
        rows.append(
            _most(f"{WORKS[work]}, 10,000,000 quads, in 3 GB", found, (10 * _MILLION, work), "MiB", 3 * 1024)
        )
    return rows


def _against(text: str, found: Found, number: int, work: str, peer: Peer, least: float) -> Aim:
    """Give the aim that we take at most the part *least* of the time of *peer*."""
    ours, theirs = found.done("kg", number, work), found.done(peer.key, number, work)
    if ours is None or theirs is None:
        why = found.why_not(peer.key if ours else "kg", number, work)
        return Aim(text, peer.name, _seconds(theirs), _seconds(ours), _NONE, False, why)
    ratio = theirs.median / ours.median
    why = "" if ratio >= least else f"{least / ratio:.2g} times too slow"
    return Aim(text, peer.name, _seconds(theirs), _seconds(ours), f"{ratio:.2g}", ratio >= least, why)


def _most(text: str, found: Found, where: tuple[int, str], unit: str, most: float) -> Aim:
    """Give the aim that we take *most* seconds or MiB."""
    ours = found.done("kg", *where)
    if ours is None:
        return Aim(text, _NONE, _NONE, _NONE, _NONE, False, found.why_not("kg", *where))
    figure = ours.median if unit == "s" else ours.peak
    why = "" if figure <= most else f"{figure / most:.2g} times too much"
    return Aim(
        text, _NONE, f"{most} {unit}", f"{figure:.3g} {unit}", f"{most / figure:.2g}", figure <= most, why
    )


def _exact(text: str, found: Found, number: int) -> Aim:
    ours = found.done("kg", number, "validate")
    if ours is None or ours.agreement is None:
        return Aim(text, "the list", _NONE, _NONE, _NONE, False, found.why_not("kg", number, "validate"))
    agreement = ours.agreement
    met = not agreement.missing and not agreement.extra
    why = "" if met else f"{agreement.missing} missing, {agreement.extra} too many"
    planted = agreement.exact + agreement.missing
    return Aim(text, "the list", f"{planted}", f"{agreement.exact}", _NONE, met, why)


def page(found: Found, versions: Mapping[str, str], machine: str, profile: Sequence[str]) -> str:
    """Give everything as Markdown."""
    rows = (
        (
            aim.text,
            aim.peer,
            aim.theirs,
            aim.ours,
            aim.ratio,
            "yes" if aim.met else f"**no**: {_cell(aim.why)}",
        )
        for aim in aims(found)
    )
    lines = [
        "## At scale, beside others",
        "",
        f"Made with `make bench-scale`; the same figures for machines in [benchmarks-scale.json](benchmarks-scale.json). {machine}",
        "",
        *_table(("aim", "peer", "theirs", "ours", "ratio", "met"), rows),
        "",
        *_table(
            ("tool", "version", "how it was run"),
            ((peer.name, versions.get(peer.key, _NONE), peer.how) for peer in PEERS),
        ),
        "",
        *_how(),
    ]
    for number in found.numbers:
        lines += ["", f"### {number:,} quads", "", *_table(_HEAD, _rows(found, number))]
    if profile:
        lines += ["", "### Where the time of a validation goes", "", *profile]
    return "\n".join(lines)


def _how() -> list[str]:
    return [
        "The archives are those of `bench/archive.py`: our own model, a named graph a source, with faults planted for every constraint of the "
        f"shapes. Every tool does each work {REPEATS} times in a process of its own, in turn with the others; seconds are of the whole process, and "
        "memory is the most that it and its children held at once (resident, looked at twenty times a second), both the median. *Times ours* is "
        "how much longer it took than `kg`. The answers to the queries are compared with the truth, written files are read again and counted. "
        "Of a validation the findings are compared with the list of what was planted, by focus node, path and component; *values* is how many of them have "
        "the right value as well.",
    ]


_HEAD: Final = (
    "work",
    "tool",
    "median s",
    "each",
    "peak MiB",
    "times ours",
    "exact · missing · extra · values",
)


def _rows(found: Found, number: int) -> Iterator[Sequence[str]]:
    for work, title in WORKS.items():
        ours = found.done("kg", number, work)
        for each in found.all:
            if (each.number, each.work) != (number, work):
                continue
            name = _NAMES[each.peer]
            if not each.done:
                yield title, name, f"did not run: {_cell(each.failed)}", "", "", "", ""
                continue
            times = " · ".join(f"{seconds:.2f}" for seconds in each.seconds)
            ratio = f"{each.median / ours.median:.2f}" if ours else _NONE
            yield title, name, f"{each.median:.2f}", times, f"{each.peak:.0f}", ratio, _right(each)


def _right(measured: Measured) -> str:
    if measured.wrong:
        return f"wrong: {_cell(measured.wrong)}"
    if (found := measured.agreement) is None:
        return ""
    return f"{found.exact} · {found.missing} · {found.extra} · {found.values}"


def _seconds(measured: Measured | None) -> str:
    return f"{measured.median:.2f} s" if measured else _NONE


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
