"""What rdflib and pySHACL do, in an environment of their own: ``python rdflib_work.py WORK SOURCE TARGET PREPARED [SHAPES]``."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from rdflib import Dataset, Graph

FORMATS = {"turtle": "turtle", "jsonld": "json-ld"}


def main() -> None:
    """Do one piece of work; what it takes to read the data first is left in the file PREPARED, if the work is another."""
    begun = time.perf_counter()
    work, source, target, prepared, *more = sys.argv[1:]
    if work == "validate":
        validate(source, target, more[0])
        return
    data = Graph() if work == "turtle" else Dataset(default_union=True)
    data.parse(source, format="nt" if work == "turtle" else "nquads")
    if work == "load":
        return
    Path(prepared).write_text(str(time.perf_counter() - begun))
    if work in FORMATS:
        data.serialize(target, format=FORMATS[work])
    else:
        rows = [" ".join(str(term) for term in row) for row in data.query(more[0])]
        Path(target).write_text(json.dumps(rows))


def validate(source: str, target: str, shapes: str) -> None:
    """Validate as ``pyshacl`` does, and write the report as N-Triples."""
    import pyshacl

    data = Graph().parse(source, format="nt")
    _, report, _ = pyshacl.validate(data, shacl_graph=Graph().parse(shapes), inference="none", advanced=False)
    report.serialize(target, format="nt")


if __name__ == "__main__":
    main()
