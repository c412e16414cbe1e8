"""The values of a facet, worked out for all members of a list at once: which there are, what they are called, who has each."""

from __future__ import annotations

import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from kg.listing import order
from kg.listing.facets import NO, NONE, YES, Facet
from kg.listing.rows import bits, everything, members, pack
from kg.listing.statements import Statements
from kg.names import TYPES, VOCABULARIES, Base

_DATES: Final = {
    4: "[0-9][0-9][0-9][0-9]*",
    7: "[0-9][0-9][0-9][0-9]-[0-9][0-9]*",
    10: "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*",
}
"""What a text begins with that a date can be cut from, by the number of characters (GLOB of SQLite)."""
_PLAIN: Final = re.compile(r"[\w.~-]+")
_VEILED: Final = "veiled"


@dataclass(frozen=True, slots=True)
class Found:
    """A value: how an address names it, its IRI (empty: a literal), what it is called, who has it; ``inside`` lie in it."""

    name: str
    iri: str
    label: str
    language: str
    count: int
    rows: bytes
    inside: tuple[str, ...] = ()


def facet_values(statements: Statements, facet: Facet, total: int) -> list[Found]:
    """Give the values of *facet* that members have, in its order, the last one :data:`kg.listing.facets.NONE` where some have none."""
    held: dict[tuple[str, str], array[int]] = defaultdict(lambda: array("I"))
    for iri, text, n in statements.db.execute(_query(statements, facet)):
        rows = held[iri, text]
        if not rows or rows[-1] != n:
            rows.append(n)
    if facet.present:
        return _presence(held, total)
    if not held:
        return []
    named = _named(statements, held, facet)
    seen = 0
    for rows in held.values():
        seen |= bits(rows, total)
    lacking = list(members(everything(total) & ~seen, total))
    none = [Found(NONE, "", "none said", "en", len(lacking), pack(lacking, total))] if lacking else []
    return named_in_order(named, held, facet, total, statements.base) + none


def named_in_order(
    named: Mapping[tuple[str, str], Found],
    held: Mapping[tuple[str, str], array[int]],
    facet: Facet,
    total: int,
    base: Base,
) -> list[Found]:
    """Give the values in the order of the facet, each with its rows and a name that no other has."""
    names = _short(held, base)
    found = [
        replace(each, name=names[key], count=len(held[key]), rows=pack(held[key], total))
        for key, each in named.items()
    ]
    if facet.dates:
        return sorted(found, key=lambda each: each.label)
    return sorted(found, key=lambda each: (-each.count, order.key(each.label), each.iri, each.name))


def _query(statements: Statements, facet: Facet) -> str:
    """Give the SQL of IRI, text and row of all values; one of IRI and text is empty."""
    base = statements.joined(facet.path, "member") if facet.path else "SELECT n, t AS o FROM member"
    if facet.kinds:
        base = f"SELECT n, o FROM ({base}) WHERE o IN ({statements.instances(facet.kinds)})"
    if facet.wide:
        # after the kinds: a wider place counts as one, whatever else is said of it
        wider = f"SELECT n, inside.o AS o FROM ({base}) b CROSS JOIN inside ON inside.s = b.o"
        base = f"{base} UNION {wider}" if facet.path else wider
    wanted = ["kind IN (0, 2)"]
    for iris, no in ((facet.only, ""), (facet.without, "NOT ")):
        if iris:
            wanted.append(f"o {no}IN ({', '.join(str(statements.number(iri)) for iri in iris)})")
    text = "value"
    if facet.cut:
        wanted.append(f"kind = 2 AND value GLOB '{_DATES[facet.cut]}'")
        text = f"substr(value, 1, {facet.cut})"
    return (
        f"SELECT CASE kind WHEN 0 THEN value ELSE '' END AS iri, CASE kind WHEN 2 THEN {text} ELSE '' END AS text, n "
        f"FROM (SELECT DISTINCT n, o FROM ({base})) JOIN term ON id = o WHERE {' AND '.join(wanted)} ORDER BY iri, text, n"
    )


def _presence(held: Mapping[tuple[str, str], Sequence[int]], total: int) -> list[Found]:
    rows = sorted({n for each in held.values() for n in each})
    rest = list(members(everything(total) & ~bits(rows, total), total))
    return [
        Found(name, "", name, "en", len(each), pack(each, total))
        for name, each in ((YES, rows), (NO, rest))
        if each
    ]


def _named(
    statements: Statements, held: Mapping[tuple[str, str], object], facet: Facet
) -> dict[tuple[str, str], Found]:
    """Give each value with what it is called, not yet with its rows."""
    found: dict[tuple[str, str], Found] = {}
    for iri, text in held:
        if not iri:
            found[iri, text] = Found(text, "", text, "", 0, b"")
            continue
        number = statements.number(iri)
        row = statements.db.execute("SELECT text, language FROM name WHERE t = ?", (number,)).fetchone()
        label, language = row or (statements.base.compact(iri), "")
        if statements.db.execute("SELECT 1 FROM veiled WHERE t = ?", (number,)).fetchone():
            label, language = _VEILED, "en"
        found[iri, text] = Found("", iri, label, language, 0, b"", _inside(statements, number, iri, facet))
    return found


def _inside(statements: Statements, number: int, iri: str, facet: Facet) -> tuple[str, ...]:
    if not facet.wide:
        return ()
    rows = statements.db.execute(
        "SELECT value FROM inside JOIN term ON id = s WHERE o = ? AND kind = 0 ORDER BY value", (number,)
    )
    lying = {value for (value,) in rows}
    return tuple(sorted(lying | {iri} if facet.path else lying))


def _short(held: Mapping[tuple[str, str], object], base: Base) -> dict[tuple[str, str], str]:
    """Give each value the shortest name that no other has: a slug or local name, a prefixed name, the IRI; a text is itself."""
    ways = {key: _ways(*key, base) for key in held}
    taken = Counter(way for each in ways.values() for way in dict.fromkeys(each))
    return {key: next((way for way in each if taken[way] == 1), each[-1]) for key, each in ways.items()}


def _ways(iri: str, text: str, base: Base) -> tuple[str, ...]:
    if not iri:
        return (f'"{text}"',) if text == NONE else (text, f'"{text}"')
    compact = base.compact(iri)
    prefix, colon, local = compact.partition(":")
    short = compact != iri and colon and (prefix in VOCABULARIES or prefix in TYPES)
    own = local if short and local != NONE and _PLAIN.fullmatch(local) else compact
    return own, compact, iri
