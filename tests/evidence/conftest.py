"""The source text cut into passages, so that no sentence of it stands in a test."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kg.errors import EvidenceError
from kg.evidence import Copy, Part, Passage, TextVersion, anchor, version

TEXT = "https://attest.example/baku-1990/id/text/seed"


@pytest.fixture(scope="session")
def original(seed: Path) -> Copy:
    return Copy.read(seed.read_bytes())


@pytest.fixture(scope="session")
def text_version(original: Copy) -> TextVersion:
    return version(TEXT, original)


@pytest.fixture(scope="session")
def passages(original: Copy) -> list[Passage]:
    """Every sentence, and every clause up to a comma, that the rules let be a passage; each with a claim."""
    made: dict[tuple[int, int], Passage] = {}
    for start, end in original.lines:
        line = original.text[start:end]
        for words in [*re.split(r"(?<=[.?!])\s+", line), *re.findall(r"^.{60,}?,", line)]:
            try:
                found = anchor(original, words)
            except EvidenceError:  # too short, or standing twice: the rules have tests of their own
                continue
            name = f"urn:passage:{found.start}-{found.end}"
            part = Part(f"{name}:part", 0, 1)
            claims = (f"urn:claim:{found.start}", f"urn:claim:{found.start}-{found.end}")
            made[found.start, found.end] = Passage(
                name, TEXT, found.start, found.end, found.digest, claims, (part,)
            )
    return [made[span] for span in sorted(made)]
