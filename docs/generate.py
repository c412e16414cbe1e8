"""Write ``docs/library.md`` from the docstrings, and the outputs of ``docs/tour.ipynb``: run by ``make docs``, held to by the tests.

What is public, in which order, is :data:`CHAPTERS`; the words are those of the docstrings, their examples are run.
"""

from __future__ import annotations

import dataclasses
import inspect
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient

import kg
from kg import errors

LIBRARY = Path(__file__).parent / "library.md"
TOUR = Path(__file__).parent / "tour.ipynb"
CHAPTERS: dict[str, tuple[str, ...]] = {
    "Claims and voices": ("Claim", "Scope", "Chain", "Voice", "Link", "Known"),
    "Figures compared": ("Comparison", "Figure", "Interval"),
    "What claims are about": ("Thing", "Event", "Person", "Place", "Photograph", "Work"),
    "Days and places": ("Timeline", "Day", "Span", "Bounds", "Located", "Location"),
    "Reasons": ("Why", "Reason", "Evidence", "Cited"),
    "Search": ("Found", "Hit"),
    "Changes": ("Change", "ChangedClaim", "Difference", "Told"),
    "Rows": ("Rows", "Row", "IRI", "Text"),
}
HEAD = """\
# The library

*Written from the docstrings by `make docs`; the tests run every example and compare this page with the code.*

```python
import kg

g = kg.open()
```

In the examples below `g` is the collection that comes with the package. Names of resources are IRIs, prefixed names (`event:baku-1990-01`) or slugs
(`baku-1990-01`). Everything only reads.
"""


def page() -> str:
    """Give the whole page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield HEAD
    yield "## Opening\n"
    yield from _callable("kg.open", kg.open)
    yield "## An archive\n"
    yield _markdown(kg.Archive.__doc__)
    for room in (*kg.Archive.__bases__, kg.Archive, kg.Archive.__mro__[-2]):
        for name, member in vars(room).items():
            if not name.startswith("_") and (callable(member) or isinstance(member, property)):
                yield from _callable(f"g.{name}", member)
    for title, names in CHAPTERS.items():
        yield f"## {title}\n"
        for name in names:
            yield from _class(getattr(kg, name))
    yield "## Errors\n"
    yield _markdown(errors.__doc__)


def _callable(name: str, member: Any) -> Iterator[str]:
    if isinstance(member, property):
        yield f"### `{name}`\n"
    else:
        yield f"### `{name}{_signature(member)}`\n"
    yield _markdown(inspect.getdoc(member))


def _signature(function: Any) -> str:
    found = inspect.signature(function)
    parameters = [each for each in found.parameters.values() if each.name != "self"]
    plain = str(found.replace(parameters=parameters))
    written = re.sub(r"(: |-> )'([^']*)'", r"\1\2", plain)  # annotations are kept as texts
    return re.sub(r"\b(?:ox|pandas)\.(?=[A-Z])", "", written)


def _class(kind: type) -> Iterator[str]:
    yield f"### `kg.{kind.__name__}`\n"
    yield _markdown(inspect.getdoc(kind))
    if "__dataclass_fields__" in vars(kind):
        yield (
            "Fields: "
            + ", ".join(f"`{field.name}: {field.type}`" for field in dataclasses.fields(kind))
            + ".\n"
        )
    for name, member in list(vars(kind).items()):
        if name.startswith("_") or name in getattr(kind, "__annotations__", {}):
            continue
        documented = member.__func__ if isinstance(member, (classmethod, staticmethod)) else member
        if isinstance(member, property) or inspect.isfunction(documented):
            shown = (
                name
                if isinstance(member, property)
                else f"{name}{_signature(documented)}".replace("(cls, ", "(")
            )
            yield f"- `{shown}`: {_markdown(inspect.getdoc(documented)).strip()}"
    yield ""


def _markdown(text: str | None) -> str:
    """Give a docstring as Markdown: examples and blocks fenced, roles and double backquotes as code."""
    lines: list[str] = []
    block = ""
    for line in inspect.cleandoc(text or "").splitlines():
        example = line.startswith((">>> ", "... ")) or (block == "python" and line.strip() != "")
        literal = bool(lines) and line.startswith("    ") and block != "python"
        wanted = "python" if example else "text" if literal or (block == "text" and not line.strip()) else ""
        if wanted != block:
            if block:
                while lines and not lines[-1].strip():
                    lines.pop()
                lines.append("```")
                lines.append("")
            if wanted:
                lines.append(f"```{wanted}")
            block = wanted
        lines.append(line[4:] if block == "text" else line if block else _inline(line))
    if block:
        lines.append("```")
    return "\n".join(lines).replace("::\n", ":\n") + "\n"


def _inline(line: str) -> str:
    line = re.sub(r":\w+:`~?\.?([^`]+)`", r"`\1`", line)
    return re.sub(r"``([^`]*)``", r"`\1`", line)


def tour(release: Path | None = None) -> Any:
    """Run the notebook, on *release* where one is given, and give it with its outputs; raises where a cell fails."""
    notebook = nbformat.read(TOUR, as_version=4)
    opening = nbformat.v4.new_code_cell(
        "import kg as _kg, functools as _functools\n"
        f"_kg.open = _functools.partial(_kg.open, {str(release) if release else None!r})"
    )
    notebook.cells.insert(0, opening)
    with tempfile.TemporaryDirectory() as place:  # the kernel is met at a socket of the file system, no port
        kernel = KernelManager(kernel_name="python3", transport="ipc", ip=f"{place}/kernel")
        try:
            NotebookClient(notebook, km=kernel, timeout=120, coalesce_streams=True).execute()
        finally:
            kernel.shutdown_kernel(now=True)
            kernel.cleanup_resources()
    del notebook.cells[0]
    number = 0
    for cell in notebook.cells:
        cell.metadata = {}
        if cell.cell_type == "code":
            number += 1
            cell.execution_count = number
            for output in cell.outputs:
                if "execution_count" in output:
                    output["execution_count"] = number
    return notebook


if __name__ == "__main__" and sys.argv[1:]:  # the tests, which run the notebook in a process of its own
    sys.stdout.write(nbformat.writes(tour(Path(sys.argv[1]))))
elif __name__ == "__main__":
    LIBRARY.write_text(page(), encoding="utf-8")
    nbformat.write(tour(), TOUR)
    sys.stdout.write(f"{LIBRARY.name} and {TOUR.name} written\n")
