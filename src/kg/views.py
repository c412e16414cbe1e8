"""Typed views of what a release holds: claims with their voices and evidence, and the things that they are about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from kg import edtf
from kg.names import KG
from kg.rows import IRI, VEILED, Value

NOT_STATED: Final = "not stated"


@dataclass(frozen=True, slots=True)
class Voice:
    """One link of the chain by which a statement reached the document.

    ``part`` is ``speaker`` (position 0) or ``relay`` (position from 1, nearest to the speaker first).
    """

    iri: IRI
    label: str
    part: str
    position: int

    def __str__(self) -> str:
        return self.label


class Chain(tuple[Voice, ...]):
    """The voices behind a claim, the speaker first."""

    __slots__ = ()

    def __str__(self) -> str:
        return " → ".join(voice.label for voice in self)


@dataclass(frozen=True, slots=True)
class Link:
    """How a claim stands to another one, as the collection records it: ``kind`` is ``updates``, ``restates``, ``narrowsScopeOf``,
    ``retracts`` or ``conflictsWith``.
    """

    kind: str
    claim: IRI


@dataclass(frozen=True, slots=True)
class Scope:
    """What a figure counts, in words: ``whom``, ``where`` and ``when``, each empty where the source does not state it; ``event`` is one
    that the source says it counts for, where it names one.
    """

    whom: str = ""
    where: str = ""
    when: str = ""
    event: str = ""

    @property
    def parts(self) -> tuple[str, ...]:
        """Whom, where and when, each in words, and which of these is not stated."""
        asked = (("whom", self.whom), ("where", self.where), ("when", self.when))
        stated = [f"{name}: {text}" for name, text in (*asked, ("counted for", self.event)) if text]
        missing = ", ".join(name for name, text in asked if not text)
        return (*stated, *([f"{NOT_STATED}: {missing}"] if missing else []))

    def __str__(self) -> str:
        return " · ".join(self.parts)


@dataclass(frozen=True, slots=True)
class Claim:
    """What one source says: a proposition, who says it, when, and where it stands.

    ``kind`` is the local name of the claim's class (``QuantityClaim``). ``words`` is our wording of what is said of
    the subject, never the source's sentence. ``as_of`` is the last day on which it can have been said, None when
    undated, and ``as_of_earliest`` the first. ``lower`` and ``upper`` are None where the source gives no bound. ``band`` tells, in the answer to a question
    about an event, whether the claim is about that event (``same``) or a ``wider`` or ``narrower`` one. ``caveats``: what a
    reader must know before using it, as that it can be read in two ways (``kg:caveat``); ``notes`` are the project's own. ``veiled``: the
    collection asks outputs to hide it, or what it is about, until somebody asks for it; as a text it then says nothing.
    ``qualified`` is how the source itself qualifies a number ("called preliminary"), which stands at the end of ``words`` too.
    ``links``: the claims that it updates, restates, narrows, retracts or conflicts with. ``scope`` is what a figure counts, in words.
    """

    iri: IRI
    kind: str
    subject: IRI
    predicate: IRI
    object: Value
    words: str
    sentence: str
    denied: bool
    claimant: IRI
    voices: Chain
    as_of: date | None
    comparator: str = ""
    amount: int | None = None
    lower: int | None = None
    upper: int | None = None
    unit: IRI | None = None
    population: IRI | None = None
    place: IRI | None = None
    scope_from: date | None = None
    scope_to: date | None = None
    scope_duration: str | None = None
    derived: bool = False
    passages: tuple[IRI, ...] = ()
    sensitivity: tuple[IRI, ...] = ()
    band: str = "same"
    caveats: tuple[str, ...] = ()
    veiled: bool = False
    event_scope: IRI | None = None
    citations: tuple[IRI, ...] = ()
    links: tuple[Link, ...] = ()
    as_of_earliest: date | None = None
    qualified: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    scope: Scope = Scope()

    @property
    def in_full(self) -> str:
        """The sentence, of a figure with whom, where and when it counts: what can be quoted alone and not be taken for another figure.

        A length of time counts nobody; its scope is said where the source states any of it.
        """
        counts = self.kind == "QuantityClaim" and (self.predicate != KG + "duration" or self.scope != Scope())
        return f"{self.sentence} ({self.scope})" if counts else self.sentence

    @property
    def said(self) -> str:
        """When it was said: a day, a month or a year (ISO 8601), two days with a slash between, or ``undated``."""
        first, last = self.as_of_earliest or self.as_of, self.as_of
        return "undated" if first is None or last is None else edtf.within(first, last)

    def __str__(self) -> str:
        return f"{self.said}: {VEILED if self.veiled else self.in_full} ({self.voices})"


@dataclass(frozen=True, slots=True)
class Known:
    """What had been reported by a day: ``claims`` in order of report; ``undated`` ones stand apart."""

    date: date
    claims: tuple[Claim, ...]
    undated: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Thing:
    """A resource with its neutral label; ``types`` and ``properties`` hold prefixed or full IRIs and plain values."""

    iri: IRI
    label: str
    types: tuple[IRI, ...]
    properties: dict[str, tuple[Value, ...]]

    @property
    def veiled(self) -> bool:
        """Whether the collection asks outputs to hide it until somebody asks for it."""
        return IRI(KG + "veiled") in self.properties.get("kg:visibility", ())

    def get(self, name: str) -> Value:
        """Give the first value of the property with the prefixed name *name* (``schema:location``), else None."""
        return next(iter(self.properties.get(name, ())), None)


class Event(Thing):
    """Something that happened; its dates and place are published only where no claim disputes them."""

    __slots__ = ()

    @property
    def date(self) -> Value:
        """The date in EDTF."""
        return self.get("kg:edtf")

    @property
    def place(self) -> Value:
        """The place where it took place."""
        return self.get("schema:location")

    @property
    def wider(self) -> tuple[Value, ...]:
        """The events that it is part of."""
        return self.properties.get("schema:superEvent", ())


class Person(Thing):
    """Someone named or shown; read ``get("kg:sensitivity")`` before publishing anything about a person."""

    __slots__ = ()


class Place(Thing):
    """A place, with a point where an authority gives one."""

    __slots__ = ()

    @property
    def point(self) -> tuple[float, float] | None:
        """Latitude and longitude (WGS 84, degrees)."""
        lat, long = self.get("geo:lat"), self.get("geo:long")
        return (float(str(lat)), float(str(long))) if lat is not None and long is not None else None


class Photograph(Thing):
    """A photograph: metadata only."""

    __slots__ = ()

    @property
    def dateline(self) -> Value:
        """The day printed at the head of its caption."""
        return self.get("kg:dateline")

    @property
    def depicted(self) -> Value:
        """The date of what it shows, in EDTF, where the caption says so."""
        return self.get("kg:edtf")

    @property
    def place(self) -> Value:
        """The place that it shows."""
        return self.get("schema:contentLocation")


class Work(Thing):
    """A publication."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a claim stands: a passage by position (code points of the normalised text) and digest.

    ``words`` are those of the reader's own copy where one was given and holds the passage, else None, and ``state``
    says why. ``source`` is the label of the source that the text is a version of, ``url`` its address, None where no web
    address is recorded.
    """

    passage: IRI
    document: str
    text: IRI
    start: int
    end: int
    digest: str
    words: str | None = None
    state: str = ""
    source: str = ""
    url: IRI | None = None

    @property
    def printed(self) -> str:
        """Where it stands, with the source and its address, as a footnote has it."""
        return ", ".join(
            filter(None, (self.document, f"characters {self.start} to {self.end}", self.source, self.url))
        )

    def __str__(self) -> str:
        place = f"{self.document}, characters {self.start} to {self.end}, digest {self.digest[:12]}…"
        return f"{place}\n“{self.words}”" if self.words is not None else f"{place} ({self.state})"


@dataclass(frozen=True, slots=True)
class Cited:
    """A work that a claim is cited from and whose text was not captured; ``read_in`` is what was read, empty where that is the work itself.

    ``level`` says how near that is to the speaker (as "second hand"), ``read_on`` is an ISO day, ``issued`` when the work was published, in words;
    each is empty where it is not recorded. A ``locator`` is a page of the work, or an address at which it was read.
    """

    citation: IRI
    work: str
    read_in: str = ""
    locator: str = ""
    read_on: str = ""
    level: str = ""
    issued: str = ""

    def __str__(self) -> str:
        address = self.locator.startswith(("http://", "https://"))
        said = [f"published {self.issued}"] if self.issued else []
        said += [self.locator] if self.locator and not address else []
        said += [f"read in {self.read_in}"] if self.read_in else []
        said += [self.locator] if address else []
        said += [f"read on {self.read_on}"] if self.read_on else []
        near = f"{self.level}; " if self.level else ""
        return f"{', '.join([self.work, *said])} ({near}its text was not captured)"


@dataclass(frozen=True, slots=True)
class Reason:
    """One claim that a statement rests on, with its evidence; ``premises`` where the project derived it."""

    claim: Claim
    evidence: tuple[Evidence, ...] = ()
    premises: tuple[Reason, ...] = ()
    method: str = ""
    decision: str = ""
    citations: tuple[Cited, ...] = ()


@dataclass(frozen=True, slots=True)
class Why:
    """What a resource, or a claim, rests on: for each statement the claims that say it, down to the passages.

    ``naming`` are claims about other things that name the resource. ``caveats``: what bears on the reading of all of it.
    """

    iri: IRI
    label: str
    statements: tuple[tuple[str, tuple[Reason, ...]], ...]
    naming: tuple[Reason, ...] = ()
    caveats: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.text()

    def text(self, *, veiled: bool = False) -> str:
        """Give it as lines of text; what is veiled is shown only with *veiled*, else counted at the end."""
        itself = self.statements[0][1][0].claim if self.statements and not self.statements[0][0] else None
        head = VEILED if itself and itself.veiled and not veiled else self.label
        lines = [head, *(f"  caveat: {each}" for each in self.caveats)]
        if not self.statements and not self.naming:
            lines.append("  no claim about it is recorded")
        for statement, reasons in (*self.statements, ("named in claims about others", self.naming)):
            shown = [each for each in reasons if veiled or itself or not each.claim.veiled]
            if statement and shown:
                lines.append(f"  {statement}")
            for reason in shown:
                lines += _lines(reason, "    " if statement else "  ", self.label, {*self.caveats}, veiled)
        if hidden := self.hidden if not veiled and not itself else 0:
            lines.append(f"  {hidden} more, {VEILED} for what they describe")
        return "\n".join([*lines, *self._sources()])

    def _sources(self) -> list[str]:
        """Give the sources of all passages with their addresses, each once."""
        found = {
            f"{evidence.source}: {evidence.url}": None
            for reason in self._reasons()
            for evidence in reason.evidence
            if evidence.url is not None
        }
        return list(found)

    def _reasons(self) -> Iterator[Reason]:
        """Give every reason, premises too."""
        left = [*self.naming, *(reason for _, reasons in self.statements for reason in reasons)]
        while left:
            reason = left.pop()
            yield reason
            left += reason.premises

    @property
    def hidden(self) -> int:
        """How many of the claims are veiled."""
        told = [*self.naming, *(reason for _, reasons in self.statements for reason in reasons)]
        return sum(reason.claim.veiled for reason in told)


def _lines(reason: Reason, indent: str, known: str, caveats: set[str], veiled: bool) -> list[str]:
    """Give *reason* as lines of text; *known* and *caveats* stand above and need not be said again."""
    claim = reason.claim
    hidden = claim.veiled and not veiled
    said = "" if claim.in_full == known else f": {VEILED if hidden else claim.in_full}"
    lines = [f"{indent}{claim.voices}, {claim.said}{said}"]
    if reason.decision:
        lines.append(f"{indent}  chosen by the project: {reason.decision}")
    lines += [f"{indent}  caveat: {each}" for each in claim.caveats if each not in caveats and not hidden]
    lines += [f"{indent}  note of the record: {each}" for each in claim.notes if not hidden]
    for evidence in reason.evidence:
        shown = replace(evidence, words=None, state=VEILED) if hidden else evidence
        lines += [f"{indent}  {line}" for line in str(shown).splitlines()]
    lines += [f"{indent}  {cited}" for cited in reason.citations]
    if reason.method:
        lines.append(f"{indent}  derived by: {reason.method}")
    for premise in reason.premises:
        lines += _lines(premise, indent + "  ", "", caveats, veiled)
    return lines
