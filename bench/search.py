"""Measures search on a million labels: building, size, times, and how many misspelled names are found (``make bench-search``).

The labels are made of a seed: names of people in Latin, Cyrillic and Armenian letters, of which few are common and most are rare, and some titles.
Each question is one of them as it stands, misspelled by one or two letters, or in another script; it is found where the name stands among
the first 20 hits. Beside it, in the same run and on the same machine, stand what one would do without an index: LIKE over a table of SQLite, and
rapidfuzz over all folded names in memory. ``--write`` puts the table into docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import gc
import os
import platform
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import document
import rapidfuzz
from rapidfuzz import fuzz, process

from kg.search import Index, Named, find, write
from kg.search.folding import fold
from kg.search.forms import Form

SEED: Final = 1990
LABELS: Final = 1_000_000
QUESTIONS: Final = 500
SLOW: Final = 20
"""Questions to a peer that takes longer than a tenth of a second."""
HEAD: Final = "## Search among a million labels"
SAID: Final = """Made with `make bench-search ARGS=--write`: seeded names of people in three scripts, few common and most rare, and titles. A question is one of
them as it stands, misspelled, or in another script; it is found where the name stands among the first 20 hits or, where there is none, the suggestions.
The peers answer the first 20 of the same questions: rapidfuzz compares all folded names in memory, `LIKE` scans a table of them and stops at 20."""

_SYLLABLES: Final = (
    ("ba", "ба", "բա"), ("ku", "ку", "կու"), ("lo", "ло", "լո"), ("ve", "ве", "վե"), ("mor", "мор", "մոր"), ("sa", "са", "սա"),
    ("ri", "ри", "րի"), ("tan", "тан", "տան"), ("mes", "мес", "մես"), ("ke", "ке", "կե"), ("nu", "ну", "նու"), ("shi", "ши", "շի"),
    ("ga", "га", "գա"), ("dor", "дор", "դոր"), ("vik", "вик", "վիկ"), ("gri", "гри", "գրի"), ("zar", "зар", "զար"), ("pe", "пе", "պե"),
    ("har", "хар", "հար"), ("tu", "ту", "տու"), ("len", "лен", "լեն"), ("mi", "ми", "մի"), ("fa", "фа", "ֆա"), ("khu", "ху", "խու"),
    ("chi", "чи", "չի"), ("bel", "бел", "բել"), ("gor", "гор", "գոր"), ("sim", "сим", "սիմ"), ("rus", "рус", "րուս"), ("del", "дел", "դել"),
)  # fmt: skip
_ENDINGS: Final = (
    ("yan", "ян", "յան"), ("ov", "ов", "ով"), ("ova", "ова", "ովա"), ("ev", "ев", "եվ"), ("in", "ин", "ին"), ("zade", "заде", "զադե"),
)  # fmt: skip
_TITLES: Final = (
    "letter",
    "photograph",
    "report",
    "list",
    "map",
    "interview",
    "ferry",
    "street",
    "harbour",
    "train",
)
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
Name = tuple[str, str, str]
"""A name in three scripts."""


class Names:
    """Names of people, made of a seed; of the surnames there are as many as a fifth of the labels."""

    def __init__(self, labels: int, seed: int = SEED) -> None:
        self._random = random.Random(seed)  # noqa: S311  # the same names each time, not a secret
        self._given = [self._word(2, 2) for _ in range(2_000)]
        self._surnames = [self._word(2, 4, ending=True) for _ in range(labels // 5)]

    def some(self, number: int) -> Iterator[tuple[Name, str]]:
        """Give *number* names, each with the form that the graph has of it."""
        for _ in range(number):
            given, surname = self._one_of(self._given), self._one_of(self._surnames)
            name: Name = (f"{given[0]} {surname[0]}", f"{given[1]} {surname[1]}", f"{given[2]} {surname[2]}")
            form = self._random.choices(name, (70, 20, 10))[0]
            if self._random.random() < 0.1:
                form = f"{self._random.choice(_TITLES)} {self._random.randrange(1, 5000)}: {form}"
            yield name, form.title()

    def misspelled(self, name: str, edits: int) -> str:
        """Give *name* with so many changes: a letter other, missing, added, or two that changed places."""
        letters = list(name)
        for _ in range(edits):
            place = self._random.choice([at for at, letter in enumerate(letters) if letter != " "])
            match self._random.randrange(4):
                case 0:
                    letters[place] = self._random.choice(_LETTERS)
                case 1:
                    del letters[place]
                case 2:
                    letters.insert(place, self._random.choice(_LETTERS))
                case _ if place + 1 < len(letters):
                    letters[place : place + 2] = reversed(letters[place : place + 2])
        return "".join(letters)

    def _one_of(self, names: Sequence[Name]) -> Name:
        return names[int(len(names) * self._random.random() ** 2)]

    def _word(self, least: int, most: int, *, ending: bool = False) -> Name:
        parts = [self._random.choice(_SYLLABLES) for _ in range(self._random.randint(least, most))]
        parts += [self._random.choice(_ENDINGS)] if ending else []
        return tuple("".join(part[script] for part in parts) for script in range(3))  # type: ignore[return-value]


def things(names: Sequence[tuple[Name, str]]) -> Iterator[Named]:
    """Give a resource for each of *names*."""
    for number, (_, form) in enumerate(names, 1):
        iri = f"https://attest.example/bench/id/person/p{number}"
        yield Named(iri, form, "", ("person",), "", False, (Form(0, form),))


class Figures:
    """Times in milliseconds of questions, and how many found what they asked for."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.processor: list[float] = []
        self.found = 0

    def ask(self, answer: Callable[[], bool]) -> None:
        """Ask one question; *answer* tells whether it found what it asked for."""
        start, used = time.perf_counter(), time.thread_time()
        found = answer()
        self.times.append(1000 * (time.perf_counter() - start))
        self.processor.append(1000 * (time.thread_time() - used))
        self.found += found

    def row(self, what: str, how: str) -> str:
        """Give the figures as a row of a table."""
        figures = " | ".join(
            f"{statistics.median(times):.1f} | {_last(times):.1f}" for times in (self.times, self.processor)
        )
        share = 100 * self.found / len(self.times)
        return f"| {what} | {how} | {figures} | {share:.0f} % of {len(self.times)} |"


def _last(times: Sequence[float]) -> float:
    """Give the time that 99 of 100 are within."""
    return sorted(times)[min(int(len(times) * 0.99), len(times) - 1)]


def table(labels: int, questions: int, seed: int) -> str:
    """Measure everything and give it as Markdown."""
    made = Names(labels, seed)
    names = list(made.some(labels))
    with tempfile.TemporaryDirectory(prefix="kg-bench-") as directory:
        path = Path(directory) / "search.sqlite"
        start, used = time.perf_counter(), time.process_time()
        write(things(names), path)
        built, used = time.perf_counter() - start, time.process_time() - used
        size = path.stat().st_size / 2**20
        index = Index.open(path)
        gc.collect()
        gc.freeze()  # the labels of the bench itself are no matter of a search
        head = f"{labels:,} labels, seed {seed}: built in {built:.0f} s ({used:.0f} s of the processor), {size:.0f} MiB, {path.stat().st_size / labels:.0f} bytes a label; load {os.getloadavg()[0]:.0f} on {os.cpu_count()} processors."
        return "\n".join([head, "", *_rows(index, made, names, questions), "", _machine()])


def _rows(index: Index, made: Names, names: list[tuple[Name, str]], questions: int) -> Iterator[str]:
    yield "| question | answered by | p50, ms | p99, ms | of the processor, p50, ms | p99, ms | found |"
    yield "|---|---|---|---|---|---|---|"
    keys = [fold(form) for _, form in names]
    like = _scanned(keys)
    chosen = random.Random(SEED + 1).sample(range(len(names)), questions)  # noqa: S311  # the same each time
    kinds: list[tuple[str, Callable[[int], str]]] = [
        ("as it stands", lambda at: names[at][1]),
        ("in another script", lambda at: names[at][0][2 if names[at][1].isascii() else 0]),
        ("one letter other", lambda at: made.misspelled(names[at][0][0], 1)),
        ("two letters other", lambda at: made.misspelled(names[at][0][0], 2)),
        ("surname, one letter other", lambda at: made.misspelled(names[at][0][0].split()[1], 1)),
        ("a common word and the name", lambda at: f"photograph {names[at][0][0]}"),
        ("no such name", lambda at: "".join(made.misspelled("qwxjzvbrtp", 6))),
    ]
    for what, question in kinds:
        asked = [
            (question(at), keys[at].split()[-1] if what.startswith("surname") else keys[at]) for at in chosen
        ]
        figures = Figures()
        for words, key in asked:
            figures.ask(lambda words=words, key=key: _holds(index, words, key))  # type: ignore[misc]
        yield figures.row(what, "kg")
        if what in ("a common word and the name", "no such name", "surname, one letter other"):
            continue
        figures = Figures()
        for words, key in asked[:SLOW]:
            figures.ask(lambda words=words, key=key: _extracted(keys, words, key))  # type: ignore[misc]
        yield figures.row(what, "rapidfuzz over all")
        figures = Figures()
        for words, key in asked[:SLOW]:
            figures.ask(lambda words=words, key=key: _contained(like, words, key))  # type: ignore[misc]
        yield figures.row(what, "LIKE")


def _holds(index: Index, words: str, key: str) -> bool:
    """Tell whether a hit, or a suggestion, has all the words of *key*."""
    found = find(index, words)
    return any(set(key.split()) <= set(fold(hit.form).split()) for hit in (*found, *found.suggestions))


def _extracted(keys: list[str], words: str, key: str) -> bool:
    best = process.extract(fold(words), keys, scorer=fuzz.ratio, limit=20)
    return any(found == key for found, _, _ in best)


def _scanned(keys: list[str]) -> sqlite3.Connection:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE names (key TEXT NOT NULL)")
    database.executemany("INSERT INTO names VALUES (?)", ((key,) for key in keys))
    return database


def _contained(database: sqlite3.Connection, words: str, key: str) -> bool:
    rows = database.execute("SELECT key FROM names WHERE key LIKE ? LIMIT 20", (f"%{fold(words)}%",))
    return any(found == key for (found,) in rows)


def _machine() -> str:
    return (
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, rapidfuzz {rapidfuzz.__version__}, "
        f"{platform.machine()}; one question after the other."
    )


def main() -> None:
    """Measure, print, and write where that is asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--labels", type=int, default=LABELS, help=f"(default: {LABELS})")
    parser.add_argument(
        "--questions", type=int, default=QUESTIONS, help=f"of each kind (default: {QUESTIONS})"
    )
    parser.add_argument("--seed", type=int, default=SEED, help=f"(default: {SEED})")
    parser.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    arguments = parser.parse_args()
    found = table(arguments.labels, arguments.questions, arguments.seed)
    print(found)
    if arguments.write:
        document.put("bench/search.py", f"{HEAD}\n\n{SAID}\n\n{found}")


if __name__ == "__main__":
    main()
