"""The document that the benchmarks write, docs/benchmarks.md: each program its own part, the others' untouched."""

from __future__ import annotations

from pathlib import Path
from typing import Final

PAGE: Final = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"


def put(part: str, text: str, page: Path = PAGE) -> None:
    """Put *text* into *page* between the marks of *part*, at the end where there are none yet."""
    begin, end = f"<!-- {part} -->\n", f"<!-- end of {part} -->\n"
    old = page.read_text(encoding="utf-8") if page.exists() else "# Benchmarks\n"
    before, found, rest = old.partition(begin)
    after = rest.partition(end)[2] if found else ""
    page.write_text(f"{before.rstrip()}\n\n{begin}\n{text.strip()}\n\n{end}{after}", encoding="utf-8")
