"""Finding: the resources whose names are what somebody wrote, or like it, each with the form that matched and how.

A form matches where it has every word that was asked for: the word itself, one that begins with it, or one that few changes of a letter make
of it, of both folded. Whole words come before beginnings and these before likenesses; a form in the script of the question comes before
one in another. Where nothing has all the words, what has some of them, or the likest words that there are, is suggested.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from io import StringIO
from typing import Any, Final

from kg.errors import QueryError
from kg.rows import written
from kg.search.folding import fold, script
from kg.search.forms import KINDS, kind_of
from kg.search.index import POSTINGS, Entry, Index, Resource

LETTERS: Final = 200
"""Letters that a search may have."""
WORDS: Final = 12
"""Words that a search may have."""
LIMIT: Final = 20
"""Hits that are given unless more are asked for."""
MOST: Final = 200
"""Hits that are given at most."""
SUGGESTIONS: Final = 5

_SAME: Final = 200
"""How many forms with the very words are ranked."""
_LIKE: Final = 300
"""How many forms with words like them are ranked."""
_BEGINNINGS, _NEAR = 20, 20
_BEGUN: Final = 0.9
"""What a word counts that only begins as asked."""
_COVER: Final = 0.3
"""How much of the score depends on the share of the form that was asked for."""
_LOOSE: Final = 2
"""By what the length of a word is divided to give the changes with which it is still suggested."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A resource that was found, with the form of its name that matched.

    ``form`` is as the graph attests it, in ``form_language``, and of the ``form_kind`` label, name, title, variant, misspelling or name used by a
    source. ``how`` is "same" (every word that was asked for stands in the form), "beginning" (a word of it begins so), "near" (``edits`` letters are
    other), or of a suggestion "part" (it has some of the words). ``transliterated`` tells that it is in another script than the question, ``score`` (0 to 1) how like it is. ``role`` says of a person who that is;
    name it before the name. What is ``veiled`` the collection asks outputs to hide until somebody asks for it.
    """

    iri: str
    label: str
    language: str
    kind: str
    role: str
    form: str
    form_language: str
    form_kind: str
    how: str
    edits: int
    transliterated: bool
    score: float
    veiled: bool

    @property
    def why(self) -> str:
        """How the form matched, in words: ``misspelling, the same``, ``name, 1 letter other, in another script``."""
        near = f"{self.edits} letter{'s' if self.edits > 1 else ''} other"
        how = {"same": "the same", "beginning": "begins so", "near": near, "part": "some of the words"}[
            self.how
        ]
        return ", ".join([self.form_kind, how, *(["in another script"] if self.transliterated else [])])

    def to_json(self) -> dict[str, Any]:
        """Give it as JSON values, with ``why``."""
        return {**asdict(self), "why": self.why}


COLUMNS: Final = (*(each.name for each in fields(Hit)), "why")
"""The columns of hits as CSV."""


@dataclass(frozen=True, slots=True)
class Found:
    """The hits of a search, the likest first; ``suggestions`` and ``remedy`` say, where there are none, what is nearest and what to do.

    ``kinds`` counts all that was ranked by kind, ``more`` tells that there is more than is given.
    """

    words: str
    kind: str
    hits: tuple[Hit, ...]
    suggestions: tuple[Hit, ...] = ()
    remedy: str = ""
    kinds: Mapping[str, int] = field(default_factory=dict)
    more: bool = False

    def to_json(self) -> dict[str, Any]:
        """Give all of it as JSON values; hits and suggestions with their ``why``."""
        return {
            "words": self.words,
            "kind": self.kind,
            "hits": [hit.to_json() for hit in self.hits],
            "more": self.more,
            "kinds": dict(self.kinds),
            "suggestions": [hit.to_json() for hit in self.suggestions],
            "remedy": self.remedy,
        }

    def to_csv(self) -> str:
        """Give the hits as CSV (RFC 4180), with a column for each member of a hit."""
        out = StringIO(newline="")
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        for hit in self.hits:
            values = hit.to_json()
            writer.writerow(written(values[name]) for name in COLUMNS)
        return out.getvalue()

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)

    def __getitem__(self, place: int) -> Hit:
        return self.hits[place]

    def __len__(self) -> int:
        return len(self.hits)


@dataclass(frozen=True, slots=True)
class _Like:
    """How a word of a form is like the word asked for."""

    score: float
    edits: int = 0
    begun: bool = False


@dataclass(frozen=True, slots=True)
class _Match:
    """A form that matched."""

    entry: Entry
    score: float
    edits: int
    begun: bool
    whole: bool


def find(index: Index, words: str, kind: str = "", limit: int = LIMIT) -> Found:
    """Give what *index* holds for *words*, of *kind* where that is given, at most *limit* hits.

    Raises QueryError for a search that is empty or too long, for a kind that there is none of and a limit out of range; QueryTimeout,
    StoreError.
    """
    asked = _words(words)
    sort = _kind(index, kind)
    if not 1 <= limit <= MOST:
        raise QueryError(f"the limit is {limit}", remedy=f"write a number from 1 to {MOST}")
    entries = index.forms([[word] for word in asked], sort, _SAME) if all(map(index.holds, asked)) else []
    # Where there are more than are given, what is only like the words would stand behind them.
    if len({entry.resource for entry in entries}) > limit:
        likes, like = [{word: _Like(1.0)} for word in asked], []
        loose = likes
    else:
        likes, loose = _likes(index, asked)
        like = index.forms(likes, sort, _LIKE) if all(likes) else []
    ranked = _ranked(words, (_match(entry, asked, likes) for entry in (*entries, *like)))
    if not ranked:
        near = _suggested(index, words, asked, likes if any(likes) else loose, sort)
        return Found(words, sort, (), tuple(near), _remedy(asked, sort))
    hits = _hits(index, ranked)
    kinds = Counter(hit.kind for hit in hits)
    more = len(hits) > limit or len(entries) == _SAME or len(like) == _LIKE
    return Found(words, sort, tuple(hits[:limit]), kinds=dict(kinds.most_common()), more=more)


def _words(words: str) -> list[str]:
    """Give the folded words of a search. Raises QueryError."""
    if len(words) > LETTERS:
        raise QueryError(
            f"a search has at most {LETTERS} letters", remedy="search for one name, or a part of it"
        )
    asked = list(dict.fromkeys(fold(words).split()))
    if not asked:
        raise QueryError("there is no word in this search", remedy="write a name, or a part of it")
    if len(asked) > WORDS:
        raise QueryError(f"a search has at most {WORDS} words", remedy="search for one name, or a part of it")
    return asked


def _kind(index: Index, kind: str) -> str:
    """Give *kind* as the index has it, empty where none is given. Raises QueryError, which lists those that there are."""
    sort = kind_of(kind)
    if kind.strip() and sort not in index.kinds:
        known = list(index.kinds)
        more = f" and {len(known) - 20} more" if len(known) > 20 else ""
        raise QueryError(f"there is no kind {kind[:40]!r}", remedy=f"there are {', '.join(known[:20])}{more}")
    return sort


def edits(word: str) -> int:
    """Give how many letters of *word* may be other: none of up to two, one of up to five, two of up to eight, else three."""
    return 0 if len(word) <= 2 else 1 if len(word) <= 5 else 2 if len(word) <= 8 else 3


def _likes(index: Index, asked: Sequence[str]) -> tuple[list[dict[str, _Like]], list[dict[str, _Like]]]:
    """Give, for each word of *asked*, the words of *index* that match it, each with how; and those that are less like it."""
    likes, loose = [], []
    for word in asked:
        found = {word: _Like(1.0)} if index.holds(word) else {}
        if len(word) > 1:
            for begun in index.beginning(word, _BEGINNINGS):
                found[begun] = _Like(_BEGUN * (0.8 + 0.2 * len(word) / len(begun)), begun=True)
        most = max(edits(word), len(word) // _LOOSE)
        near = index.near(word, most, _NEAR, POSTINGS // len(asked)) if edits(word) else []
        less: dict[str, _Like] = {}
        for other, changes in near:
            like = _Like(_likeness(word, other, changes), changes)
            if changes <= edits(word):
                found.setdefault(other, like)
            elif len(less) < SUGGESTIONS:
                less[other] = like
        likes.append(found)
        loose.append(less)
    return likes, loose


def _likeness(word: str, other: str, changes: int) -> float:
    """Tell how like two words are that differ in so many letters; the first letter is the one that is remembered best."""
    return 1 - (changes + (0.5 if word[0] != other[0] else 0)) / max(len(word), len(other))


def _match(entry: Entry, asked: Sequence[str], likes: Sequence[Mapping[str, _Like]]) -> _Match:
    """Tell how *entry* matches the words *asked*, of which *likes* are the likes; what it has not counts nothing, and a long word more."""
    own = entry.key.split()
    score, changes, begun, whole, matched = 0.0, 0, False, True, set()
    for word, each in zip(asked, likes, strict=True):
        found = [other for other in own if other in each]
        whole = whole and bool(found)
        if found:
            best = max(found, key=lambda other: each[other].score)
            score += len(word) * each[best].score
            changes += each[best].edits
            begun = begun or each[best].begun
            matched.add(best)
    cover = sum(map(len, matched)) / sum(map(len, own))
    score = score / sum(map(len, asked)) * (1 - _COVER + _COVER * cover)
    return _Match(entry, score, changes, begun, whole)


@dataclass(frozen=True, slots=True)
class _Ranked:
    """The match of a resource that is best; ``other`` tells that its form is in another script than the question."""

    match: _Match
    other: bool


def _ranked(words: str, matches: Iterable[_Match]) -> list[_Ranked]:
    """Give the best match of each resource, the likest first."""
    spoken = script(words)
    best: dict[int, tuple[tuple[object, ...], _Ranked]] = {}
    for match in matches:
        entry = match.entry
        other = bool(spoken) and script(entry.text) not in (spoken, "")
        place = (-match.score, other, entry.text != words, entry.rank, entry.text, entry.language)
        if entry.resource not in best or place < best[entry.resource][0]:
            best[entry.resource] = place, _Ranked(match, other)
    return [
        each for _, each in sorted(best.values(), key=lambda pair: (*pair[0], pair[1].match.entry.resource))
    ]


def _hits(index: Index, ranked: Sequence[_Ranked]) -> list[Hit]:
    """Give *ranked* as hits."""
    resources = index.resources([each.match.entry.resource for each in ranked])
    return [_hit(each, resource) for each, resource in zip(ranked, resources, strict=True)]


def _hit(ranked: _Ranked, resource: Resource) -> Hit:
    match, entry = ranked.match, ranked.match.entry
    how = "near" if match.edits else "beginning" if match.begun else "same"
    return Hit(
        iri=resource.iri,
        label=resource.label,
        language=resource.language,
        kind=resource.kinds[0],
        role=resource.role,
        form=entry.text,
        form_language=entry.language,
        form_kind=KINDS[entry.rank],
        how=how if match.whole else "part",
        edits=match.edits,
        transliterated=ranked.other,
        score=round(match.score, 4),
        veiled=resource.veiled or entry.veiled,
    )


def _suggested(
    index: Index, words: str, asked: Sequence[str], likes: Sequence[Mapping[str, _Like]], kind: str
) -> list[Hit]:
    """Give what has all but one of the words that *likes* are like, or some, the likest first."""
    known = [each for each in likes if each]
    all_but_one = (
        [known[:place] + known[place + 1 :] for place in range(len(known))] if len(known) > 2 else []
    )
    groups = [*all_but_one, *([each] for each in known)]
    entries = {entry for group in groups for entry in index.forms(group, kind, _SAME)}
    ranked = _ranked(words, (_match(entry, asked, likes) for entry in entries))
    return _hits(index, ranked[:SUGGESTIONS])


def _remedy(asked: Sequence[str], kind: str) -> str:
    """Say what to do where nothing was found."""
    ways = [
        "search all kinds" if kind else "",
        "leave a word out" if len(asked) > 1 else "write the beginning of the name only",
        "try another spelling, or another script",
    ]
    return ", or ".join(filter(None, ways))
