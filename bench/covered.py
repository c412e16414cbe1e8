"""Prints how much of each half of ``src/kg`` the tests run, from what ``pytest --cov`` left behind (``make coverage``).

Statements and branches are counted apart, since their mixture hides a branch that is never taken. The exit code is 1
where core, build, read or these together have less than ``tool.attest.coverage.at_least`` of pyproject.toml.
"""

from __future__ import annotations

import json
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import NamedTuple

from coverage import Coverage

ROOT = Path(__file__).resolve().parent.parent
HELD = ("core", "build", "read")
"""The halves that are held to the mark; the others are shown."""


class Share(NamedTuple):
    """How many statements and branches there are, and how many were run."""

    statements: int = 0
    run: int = 0
    branches: int = 0
    taken: int = 0

    def __add__(self, other: Share) -> Share:  # type: ignore[override]
        return Share(*(one + two for one, two in zip(self, other, strict=True)))

    @property
    def lines(self) -> float:
        """Per cent of the statements."""
        return 100 * self.run / self.statements if self.statements else 100

    @property
    def ways(self) -> float:
        """Per cent of the branches."""
        return 100 * self.taken / self.branches if self.branches else 100

    @property
    def both(self) -> float:
        """Per cent of statements and branches together, as coverage.py counts."""
        return 100 * (self.run + self.taken) / ((self.statements + self.branches) or 1)


def measured() -> dict[str, Share]:
    """Give the share of each module, by its path below ``src/kg``."""
    coverage = Coverage(data_file=str(ROOT / ".coverage"), config_file=str(ROOT / "pyproject.toml"))
    coverage.load()
    with tempfile.TemporaryDirectory() as place:
        coverage.json_report(outfile=str(Path(place) / "found.json"))
        found = json.loads((Path(place) / "found.json").read_text(encoding="utf-8"))
    return {
        Path(name).as_posix().partition("src/kg/")[2]: Share(
            said["summary"]["num_statements"],
            said["summary"]["covered_lines"],
            said["summary"]["num_branches"],
            said["summary"]["covered_branches"],
        )
        for name, said in found["files"].items()
    }


def main() -> int:
    """Print the table, and give the exit code."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["attest"]
    mark, modules = settings["coverage"]["at_least"], measured()
    halves = {
        half: {
            path: own for path, own in modules.items() if path.partition("/")[0].removesuffix(".py") in names
        }
        for half, names in settings["halves"].items()
    }
    rows = {half: sum(own.values(), Share()) for half, own in halves.items()}
    rows[" + ".join(HELD)] = sum((rows[half] for half in HELD), Share())
    print("| half | statements | run | branches | taken |\n|---|---|---|---|---|")
    for half, share in rows.items():
        print(
            f"| {half} | {share.statements} | {share.lines:.1f} % | {share.branches} | {share.ways:.1f} % |"
        )
    print(f"\nmodules below {mark} %, statements and branches together:")
    for half, own in halves.items():
        for path, share in sorted(own.items(), key=lambda each: each[1].both):
            if share.both < mark:
                print(f"  {half}: {path} {share.both:.0f} %")
    below = [half for half in (*HELD, " + ".join(HELD)) if min(rows[half].lines, rows[half].ways) < mark]
    if below:
        print(f"less than {mark} %: {', '.join(below)}")
    return 1 if below else 0


if __name__ == "__main__":
    sys.exit(main())
