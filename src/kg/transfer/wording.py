"""What a transfer asks of a store, in SPARQL 1.1 Update: nothing in it needs more than the recommendation of 2013."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import pyoxigraph as ox

from kg.store.remote.standing import CONTROL, PREFIX, Standing
from kg.transfer.shipment import Batch

_LITERAL: Final = re.compile(rb'(.* )("(?:[^"\\]|\\.)*")\^\^(<[^<> ]*[dD]uration>)')
"""A duration. Virtuoso 7.2 fails on one in INSERT DATA, and takes the same from STRDT, as any store does."""
_ESCAPED: Final = re.compile(rb"\\(\\[uU]|.)", re.DOTALL)
_APART: Final = {rb"\u": rb"\\\u0075", rb"\U": rb"\\\u0055"}


def insertion(batch: Batch, staged: Mapping[str, str]) -> str:
    """Give the update that adds *batch*; *staged* names the graph in which each of its graphs is built up."""
    data: list[str] = []
    bound: list[str] = []
    for graph, lines in batch.graphs.items():
        plain = [line for line in lines if not _LITERAL.fullmatch(line)]
        if plain:
            data.append(f"GRAPH <{staged[graph]}> {{\n{_text(plain)}\n}}")
        for line in lines:
            if found := _LITERAL.fullmatch(line):
                before, value, datatype = (_safe(part).decode() for part in found.groups())
                bound.append(
                    f"INSERT {{ GRAPH <{staged[graph]}> {{ {before}?o }} }} WHERE {{ BIND (STRDT({value}, {datatype}) AS ?o) }}"
                )
    return " ;\n".join([*(["INSERT DATA {\n" + "\n".join(data) + "\n}"] if data else []), *bound])


def triples(lines: Iterable[bytes]) -> bytes:
    """Give *lines* as N-Triples."""
    return b"".join(line + b" .\n" for line in lines)


def progress(record: Standing, sent: int) -> str:
    """Give the update that notes in *record* how far its transfer has come."""
    return _replaced(record.subject, "sent", str(sent))


def state(record: Standing, name: str) -> str:
    """Give the update that gives *record* the state *name*."""
    return _replaced(record.subject, "state", name)


def written(record: Standing) -> str:
    """Give the update that puts *record* in the place of any other of its subject; its state comes last, and until then it has none."""
    subject, name = f"<{record.subject}>", f"<{PREFIX}state>"
    said = [each for each in record.to_triples() if each[1] != f"{PREFIX}state"]
    data = " ".join(f"<{s}> <{p}> {ox.Literal(o)} ." for s, p, o in said)
    return (
        f"DELETE {{ GRAPH <{CONTROL}> {{ {subject} ?p ?o }} }} WHERE {{ GRAPH <{CONTROL}> {{ {subject} ?p ?o FILTER (?p != {name}) }} }} ;\n"
        f"INSERT DATA {{ GRAPH <{CONTROL}> {{ {data} }} }} ;\n{state(record, record.state)}"
    )


def forgotten(subject: str) -> str:
    """Give the update that takes the record of *subject* away."""
    return f"DELETE WHERE {{ GRAPH <{CONTROL}> {{ <{subject}> ?p ?o }} }}"


def moved(pairs: Iterable[tuple[str, str]], gone: Sequence[str]) -> str:
    """Give the update that makes each second graph of *pairs* what the first is, and has those that are *gone* no more."""
    copies = [f"COPY SILENT GRAPH <{source}> TO GRAPH <{target}>" for source, target in pairs]
    return " ;\n".join([*copies, *map(dropped, gone)])


def dropped(graph: str) -> str:
    """Give the update that takes *graph* away, where there is one."""
    return f"DROP SILENT GRAPH <{graph}>"


def counted(graph: str) -> str:
    """Give the query for the number of statements in *graph*."""
    return f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"


def _replaced(subject: str, name: str, value: str) -> str:
    key = f"<{subject}> <{PREFIX}{name}>"
    return (
        f"DELETE WHERE {{ GRAPH <{CONTROL}> {{ {key} ?o }} }} ;\n"
        f"INSERT DATA {{ GRAPH <{CONTROL}> {{ {key} {ox.Literal(value)} }} }}"
    )


def _text(lines: Sequence[bytes]) -> str:
    return "\n".join(f"{_safe(line).decode()} ." for line in lines)


def _safe(text: bytes) -> bytes:
    r"""Give N-Triples that SPARQL reads as the same.

    SPARQL reads ``\u`` before anything else (section 19.2), so that a backslash before a letter u, both of the text itself, might be taken for one.
    """
    if b"\\\\" not in text:
        return text
    return _ESCAPED.sub(lambda found: _APART.get(found[1], found[0]), text)
