"""How long ``kg validate --watch`` takes to answer: a full check of this collection, then a change in each of several files.

Run ``python bench/checking.py`` in the checkout; it works in a copy and prints seconds, three of each.
"""

from __future__ import annotations

import gc
import shutil
import tempfile
import time
from pathlib import Path

from kg.checking import Checked, Checker
from kg.project import Project

ROOT = Path(__file__).resolve().parent.parent
SOURCE = "data/baku-1990/sources/asbarez-91953"
EDITS = (
    (f"{SOURCE}/photographs.ttl", "kg:attributionBasis kg:creditLine", "kg:attributionBasis kg:credit"),
    (f"{SOURCE}/article.ttl", "kg:status kg:recorded ;", "kg:status kg:recorded"),  # a broken statement
    (f"{SOURCE}/passages.ttl", 'kg:digest "', 'kg:digest "x'),
    (f"{SOURCE}/source.ttl", "kg:length ", "kg:length 1"),
    ("data/baku-1990/entities/places.ttl", "place:thessaloniki a", "place:thesaloniki a"),
    ("ontology/kg.ttl", "kg:deaths a", "kg:death a"),
)
REPEATS = 3


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        for name in ("ontology", "data", "queries"):
            shutil.copytree(ROOT / name, root / name)
        shutil.copy(ROOT / "kg.toml", root)
        checker = Checker(Project.open(root))
        started = time.perf_counter()
        checked = checker.check()
        print(f"all {len(checked.quads):,} statements: {time.perf_counter() - started:.1f}")
        gc.collect()
        gc.freeze()
        for name, old, new in EDITS:
            text = (root / name).read_text(encoding="utf-8")
            spoilt = [
                changed(checker, root / name, each)
                for _ in range(REPEATS)
                for each in (text.replace(old, new, 1), text)
            ]
            seconds = "  ".join(f"{taken:.2f}" for taken, _ in spoilt)
            print(
                f"{name}: {seconds} ({len(spoilt[0][1].report.findings)} findings, then {len(spoilt[1][1].report.findings)})"
            )


def changed(checker: Checker, path: Path, text: str) -> tuple[float, Checked]:
    """Write *text* to the file *path*, check again, and give the seconds and what was found."""
    path.write_text(text, encoding="utf-8")
    started = time.perf_counter()
    checked = checker.update([path])
    return time.perf_counter() - started, checked


if __name__ == "__main__":
    main()
