"""A difference: what two versions of a collection do not share, as values, and the sentences that tell of it.

Whoever reads them learns of what was taken back no more than how much, when and why, and of what is veiled that it changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final, Literal, NamedTuple, TypeAlias

Fate: TypeAlias = Literal[
    "added",
    "no longer there",
    "withdrawn",
    "marked as an extraction error",
    "recorded again",
    "changed",
    "published otherwise",
]
"""What has become of a resource: the record of a claim may also be withdrawn, marked, or recorded again."""
FATES: Final[tuple[Fate, ...]] = (
    "added",
    "changed",
    "withdrawn",
    "marked as an extraction error",
    "recorded again",
    "no longer there",
    "published otherwise",
)
"""All fates, in the order in which they are told of."""

_PLURALS: Final = {"person": "people", "activity": "activities", "anomaly": "anomalies", "link of relay": "links of relay", "rules": "rules"}  # fmt: skip


class Version(NamedTuple):
    """One of the two versions: what it is ``called``, and the ``id``, the ``edition`` and the ``date`` that it has, each empty where it has none."""

    called: str
    id: str = ""
    edition: str = ""
    date: str = ""

    def __str__(self) -> str:
        return self.called + (f" (edition {self.edition})" if self.edition else "")


class Statement(NamedTuple):
    """A statement in words, without what it is about: ``property`` and ``value``."""

    property: str
    value: str

    def __str__(self) -> str:
        return f"{self.property}: {self.value}"


class Head(NamedTuple):
    """Something that the collection says of itself, as ``was`` and as it ``is``; empty where it said nothing."""

    name: str
    was: str
    now: str

    def __str__(self) -> str:
        if not self.now:
            return f"The {self.name} is no longer given; it was {self.was}."
        return f"The {self.name} is {self.now}" + (f"; it was {self.was}." if self.was else ".")


class Taken(NamedTuple):
    """Something that is no statement: a question or a shape, and what has become of it."""

    kind: str
    name: str
    fate: Fate


class Takedown(NamedTuple):
    """How many records were taken back on one day for one reason, and nothing else of them."""

    number: int
    date: str
    reason: str

    def __str__(self) -> str:
        day = f" on {self.date}" if self.date else ""
        return f"{counted(self.number, 'record')} taken back{day}: {self.reason.removesuffix('.')}."


class Tally(NamedTuple):
    """How many resources of one kind had one fate, of claims those from one document."""

    number: int
    kind: str
    fate: Fate
    document: str = ""

    def __str__(self) -> str:
        things = counted(self.number, self.kind)
        if not self.document:
            return f"{things} {self.fate}."
        if self.fate == "added":
            return f"{things} added from “{self.document}”."
        return f"{things} from “{self.document}” {self.fate}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What has become of one resource.

    ``label`` is what it is called, of a claim what it says; ``was`` what a claim said before, where that is another sentence. ``said_by``
    and ``document`` are those of a claim. ``because`` are the reasons that the record gives. ``added`` and ``removed`` are statements about it;
    under "published otherwise" those that the build publishes, since no recorded claim disputes them. ``names`` are the IRIs of what all this names.
    """

    iri: str
    kind: str
    fate: Fate
    label: str
    was: str = ""
    said_by: str = ""
    document: str = ""
    because: str = ""
    added: tuple[Statement, ...] = ()
    removed: tuple[Statement, ...] = ()
    names: tuple[str, ...] = ()

    def __str__(self) -> str:
        because = f", because {self.because}" if self.because else ""
        if self.fate == "published otherwise":
            return f"{self._published()}{because}."
        kind = f"{self.kind[:1].upper()}{self.kind[1:]}"
        source = ", ".join(filter(None, (self.said_by, self.document)))
        head = f"{kind} {self.fate}: “{self.label}”" + (f" ({source})" if source else "") + because
        read = f"; it read: “{self.was}”" if self.was else ""
        details = f"; {'; '.join(self.details)}" if self.details else ""
        return f"{head}{read}{details}."

    @property
    def details(self) -> tuple[str, ...]:
        """The statements in words, those of one property together."""
        found = []
        for name in dict.fromkeys(each.property for each in (*self.removed, *self.added)):
            old, new = (
                [each.value for each in side if each.property == name] for side in (self.removed, self.added)
            )
            if len(old) == len(new) == 1:
                found.append(f"{name}: {new[0]} (was {old[0]})")
                continue
            found += [f"{name}: {value} (new)" for value in new] if self.fate != "added" else [f"{name}: {value}" for value in new]  # fmt: skip
            found += [f"{name}: {value} (gone)" for value in old] if self.fate != "no longer there" else [f"{name}: {value}" for value in old]  # fmt: skip
        return tuple(found)

    def _published(self) -> str:
        if self.added and self.removed:
            return f"What is published of “{self.label}” changed: {'; '.join(self.details)}"
        said = "; ".join(map(str, self.added or self.removed))
        head = "Published of" if self.added else "Withdrawn from what is published of"
        return f"{head} “{self.label}”: {said}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What two versions of a collection do not share; ``since`` is None where there is no version before.

    ``heads`` is what the collection says of itself, ``taken`` its questions and shapes, ``told`` the resources, in order; ``tallies`` count all
    of these, and the records that they rest on, which are not told of one by one. ``takedowns`` are new in ``now``, ``restored`` stand only in
    ``since``. ``plus`` and ``minus`` are the numbers of statements that only one has, those of the last four fields excepted. ``veiled`` resources
    changed; ``untold`` statements name what is not public; ``moved`` ones stand in another graph; ``derived`` ones follow from the others. Of ``told``, ``left_out`` are missing.
    """

    since: Version | None
    now: Version
    heads: tuple[Head, ...] = ()
    taken: tuple[Taken, ...] = ()
    tallies: tuple[Tally, ...] = ()
    told: tuple[Told, ...] = ()
    takedowns: tuple[Takedown, ...] = ()
    restored: tuple[Takedown, ...] = ()
    plus: int = 0
    minus: int = 0
    veiled: int = 0
    untold: int = 0
    moved: int = 0
    derived: int = 0
    left_out: int = field(default=0)

    @property
    def same(self) -> bool:
        """Whether both say the same."""
        return self.since is not None and not (
            self.heads or self.taken or self.tallies or self.told or self.takedowns or self.restored
            or self.plus or self.minus or self.veiled or self.untold or self.moved or self.derived or self.left_out
        )  # fmt: skip

    @property
    def verdict(self) -> str:
        """The first sentence: whether anything changed, and how much."""
        if self.since is None:
            return "This is the first version, and there is none to compare it with."
        if self.same:
            return f"Nothing has changed between {self.since} and {self.now}."
        numbers = f"{counted(self.plus, 'statement')} added, {self.minus:,} removed"
        return f"From {self.since} to {self.now}: {numbers}."

    @property
    def summary(self) -> tuple[str, ...]:
        """What changed by kind and by document, and how much was taken back, in sentences."""
        return (*map(str, self.tallies), *self._taken_back())

    @property
    def details(self) -> tuple[str, ...]:
        """What changed one by one, in sentences."""
        return (*map(str, self.heads), *self._listed(), *map(str, self.told))

    @property
    def limits(self) -> tuple[str, ...]:
        """What is not told of, in sentences."""
        found = []
        if self.veiled:
            found.append(f"{counted(self.veiled, 'resource')} changed that {'is' if self.veiled == 1 else 'are'} veiled; what changed is not told here.")  # fmt: skip
        if self.untold:
            found.append(f"{counted(self.untold, 'statement')} that {'names' if self.untold == 1 else 'name'} what is not public {'is' if self.untold == 1 else 'are'} not told of.")  # fmt: skip
        if self.moved:
            found.append(f"{counted(self.moved, 'statement')} changed nothing but the graph.")
        if self.derived:
            found.append(f"{counted(self.derived, 'statement')} that the build derives of names and chains of voices follow from these.")  # fmt: skip
        if self.left_out:
            found.append(f"{counted(self.left_out, 'more change')} not listed here.")
        return tuple(found)

    @property
    def sentences(self) -> tuple[str, ...]:
        """Everything in sentences: the verdict, the summary, each change, and what is not told of."""
        return (self.verdict, *self.summary, *self.details, *self.limits)

    def __str__(self) -> str:
        return "\n".join(self.sentences)

    def cut(self, limit: int) -> Difference:
        """Give the same with at most *limit* resources told of, and the number of the others."""
        rest = max(len(self.told) - limit, 0)
        return replace(self, told=self.told[:limit], left_out=self.left_out + rest) if rest else self

    def _listed(self) -> Iterator[str]:
        """Give a sentence for the questions, and the rules, of each fate."""
        names: dict[tuple[str, Fate], list[str]] = {}
        for each in self.taken:
            names.setdefault((each.kind, each.fate), []).append(each.name)
        for (kind, fate), found in names.items():
            kinds = kind if len(found) == 1 else _PLURALS.get(kind, f"{kind}s")
            yield f"{kinds[:1].upper()}{kinds[1:]} {fate}: {', '.join(found)}."

    def _taken_back(self) -> Iterator[str]:
        yield from map(str, self.takedowns)
        if self.restored:
            number = sum(each.number for each in self.restored)
            yield f"{counted(number, 'record')} {'is' if number == 1 else 'are'} not taken back any more."


def counted(number: int, noun: str) -> str:
    """Give *number* with its *noun*, in the plural where it is not one."""
    return f"{number:,} {noun if number == 1 else _PLURALS.get(noun, f'{noun}s')}"


def tallied(pairs: Iterable[tuple[str, Fate, str]], order: dict[str, int]) -> tuple[Tally, ...]:
    """Count *pairs* of kind, fate and document, kinds in *order*, the others after them."""
    numbers: dict[tuple[str, Fate, str], int] = {}
    for each in pairs:
        numbers[each] = numbers.get(each, 0) + 1
    found = [Tally(number, *each) for each, number in numbers.items()]
    return tuple(
        sorted(
            found,
            key=lambda tally: (
                order.get(tally.kind, len(order)),
                tally.kind,
                FATES.index(tally.fate),
                tally.document,
            ),
        )
    )
