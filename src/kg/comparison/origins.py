"""Origins: which claims do not stand for each other's truth, because they come from the same place.

Two claims share an origin where they have one speaker; where one party stands in both chains above the last link, which is the
publication that we read; where one of the two speaks together with others for the second; or where one restates the other. A voice that a
text does not name never shows one (model, section 3).
What is bound so through others is bound too. That no common origin is recorded is no proof that there is none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase

from kg.rows import IRI
from kg.views import Claim, Voice


@dataclass(frozen=True, slots=True)
class Origin:
    """What several claims share: a ``letter`` to know it by, the ``claims`` in the order given, and the ``reasons`` in words."""

    letter: str
    claims: tuple[IRI, ...]
    reasons: tuple[str, ...]


def origins(
    claims: Sequence[Claim], unstated: Container[str], together: Mapping[str, Sequence[str]] | None = None
) -> dict[IRI, Origin]:
    """Give the common origins of *claims*, each by the claims that share it; *unstated* are the voices that no text names.

    *together* has the members of voices that are several who speak as one. A claim that shares its origin with no other one is left out. Letters follow the order of *claims*.
    """
    ties = _ties(claims, unstated, together or {})
    groups = _Groups()
    for members, _ in ties:
        for each in members[1:]:
            groups.join(members[0], each)
    bound: dict[str, list[IRI]] = defaultdict(list)
    for claim in claims:
        bound[groups.head(claim.iri)].append(claim.iri)
    reasons: dict[str, list[str]] = defaultdict(list)
    for members, reason in ties:
        reasons[groups.head(members[0])].append(reason)
    found: dict[IRI, Origin] = {}
    for number, (head, shared) in enumerate((head, iris) for head, iris in bound.items() if len(iris) > 1):
        found |= dict.fromkeys(
            shared, Origin(letter(number), tuple(shared), tuple(dict.fromkeys(reasons[head])))
        )
    return found


def letter(number: int) -> str:
    """Give the letter of origin *number*, from 0: A to Z, then AA, AB and so on."""
    more, rest = divmod(number, len(ascii_uppercase))
    return (letter(more - 1) if more else "") + ascii_uppercase[rest]


def upstream(claim: Claim) -> tuple[Voice, ...]:
    """Give the voices of *claim* above the publication that it was read in, which is the last link of its chain."""
    return tuple(claim.voices[:-1] if len(claim.voices) > 1 else claim.voices)


def _ties(
    claims: Sequence[Claim], unstated: Container[str], together: Mapping[str, Sequence[str]]
) -> list[tuple[list[IRI], str]]:
    """Give the claims that one thing binds, with that in words; claims that are not compared may be among them."""
    through: dict[IRI, dict[IRI, Voice]] = defaultdict(dict)
    for claim in claims:
        for voice in upstream(claim):
            if voice.iri not in unstated:
                through[voice.iri].setdefault(claim.iri, voice)
    ties = []
    for passed in through.values():
        voices = list(passed.values())
        if len(voices) > 1:
            speaks = all(voice.position == 0 for voice in voices)
            ties.append(
                (list(passed), f"{'one speaker:' if speaks else 'all came through'} {voices[0].label}")
            )
    for several, members in together.items():
        for member in members:
            if (joint := through.get(IRI(several))) and (own := through.get(IRI(member))):
                names = [next(iter(each.values())).label for each in (own, joint)]
                ties.append(([*own, *joint], f"one speaker: {names[0]}, also as one of “{names[1]}”"))
    ties += [
        ([claim.iri, link.claim], "one restates another")
        for claim in claims
        for link in claim.links
        if link.kind == "restates"
    ]
    return ties


class _Groups:
    """Disjoint sets (Galler and Fischer 1964)."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def head(self, member: str) -> str:
        """Give what the set of *member* is known by."""
        while (above := self._above.get(member, member)) != member:
            self._above[member] = self._above.get(above, above)
            member = above
        return member

    def join(self, one: str, other: str) -> None:
        """Make one set of two."""
        self._above[self.head(other)] = self.head(one)


def among(found: Mapping[IRI, Origin], claims: Iterable[Claim]) -> tuple[Origin, ...]:
    """Give the origins of *claims*, each once, in their order."""
    return tuple({origin.letter: origin for claim in claims if (origin := found.get(claim.iri))}.values())
