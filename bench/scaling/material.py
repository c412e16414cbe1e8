"""What is measured on: an archive of one size in all the forms that the tools read, and what is true of it."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from archive_graphs import Archive
from archive_graphs.constraints import SHAPES
from archive_graphs.writing import TRUTH, write_project, write_quads

from kg.names import KG, RDF, SOURCE_BASE

Finding = tuple[str, str, str, str]
"""Focus node, path, component and value of a validation result, in the form of N-Triples; of a longer path nothing."""

PAGE: Final = 50
"""Rows of the page that is listed."""
SKIPPED: Final = 50
"""Rows before it."""
LISTING: Final = (
    f"SELECT ?claim WHERE {{ ?claim a <{KG}Claim> }} ORDER BY ?claim LIMIT {PAGE} OFFSET {SKIPPED}"
)
FACETS: Final = f"SELECT ?kind (COUNT(?claim) AS ?n) WHERE {{ ?claim a <{KG}Claim> ; a ?kind }} GROUP BY ?kind ORDER BY DESC(?n) ?kind"

_TYPE: Final = f"<{RDF}type>"
_CLAIM: Final = f"<{KG}Claim>"
_CLAIMS: Final = f"<{SOURCE_BASE}id/claim/"
_GRAPH: Final = re.compile(r" <[^>]*> \.\n$")
_BENCH: Final = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Material:
    """The archive of *number* quads in *directory*."""

    directory: Path
    number: int

    @property
    def quads(self) -> Path:
        """N-Quads of everything."""
        return self.directory / "made.nq"

    @property
    def union(self) -> Path:
        """The union of the graphs, as N-Triples, which are Turtle too."""
        return self.directory / "made.ttl"

    @property
    def project(self) -> Path:
        """The same archive as a project."""
        return self.directory / "project"

    @property
    def shapes(self) -> Path:
        """The shapes."""
        return SHAPES

    @classmethod
    def of(cls, work: Path, number: int) -> Material:
        """Give the archive of *number* quads, made in *work* where it is not there."""
        made_by = sha256(b"".join(path.read_bytes() for path in sorted(_BENCH.glob("archive_graphs/*.py"))))
        made_by.update(SHAPES.read_bytes())
        directory = work / f"archive-{number}-{made_by.hexdigest()[:8]}"
        material = cls(directory, number)
        if not (directory / "complete").exists():
            shutil.rmtree(directory, ignore_errors=True)  # a run that was ended left a part
            directory.mkdir(parents=True)
            write_quads(Archive(number), material.quads, directory / TRUTH)
            with (
                material.quads.open(encoding="utf-8") as read,
                material.union.open("w", encoding="utf-8") as out,
            ):
                out.writelines(_GRAPH.sub(" .\n", line) for line in read)
            write_project(Archive(number), material.project)
            (directory / "complete").touch()
        return material

    def planted(self) -> Counter[Finding]:
        """Give what a validator has to find."""
        lines = (self.directory / TRUTH).read_text("utf-8").splitlines()
        told = map(json.loads, lines)
        return Counter((each["focus"], each["path"], each["component"], each["value"]) for each in told)

    def answers(self) -> dict[str, list[str]]:
        """Give the right answers to :data:`LISTING` and :data:`FACETS`: IRIs, and IRIs with counts."""
        kinds: dict[str, set[str]] = {}
        with self.quads.open(encoding="utf-8") as lines:
            for line in lines:
                if line.startswith(_CLAIMS):
                    subject, predicate, value, _ = line.split(" ", 3)
                    if predicate == _TYPE:
                        kinds.setdefault(subject, set()).add(value)
        claims = sorted(subject.strip("<>") for subject, found in kinds.items() if _CLAIM in found)
        counts = Counter(kind for found in kinds.values() if _CLAIM in found for kind in found)
        facets = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        return {
            "listing": claims[SKIPPED : SKIPPED + PAGE],
            "facets": [f"{kind.strip('<>')} {number}" for kind, number in facets],
        }
