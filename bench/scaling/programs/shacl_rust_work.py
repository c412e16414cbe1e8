"""What shacl-rust does, in an environment of its own: ``python shacl_rust_work.py DATA SHAPES TARGET``."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import shacl_rust


def main() -> None:
    """Validate with the interned index, and write the results as JSON."""
    data, shapes, target = sys.argv[1:]
    report = shacl_rust.validate_file(
        data, shapes, data_format="nt", shapes_format="turtle", experimental_index=True
    )
    names = ("focusNode", "resultPath", "sourceConstraintComponent", "value")
    rows = [[result.get(name) or "" for name in names] for result in report["results"]]
    Path(target).write_text(json.dumps(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
