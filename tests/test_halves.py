"""The halves of ``src/kg``: each module belongs to one, and build and read meet only in the core."""

from __future__ import annotations

import ast
import tomllib
from functools import cache
from pathlib import Path

import pytest

from suites import ROOT

CODE = ROOT / "src" / "kg"
HALVES: dict[str, list[str]] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["attest"][
    "halves"
]
KNOWN = {
    "core": {"core"},
    "build": {"core", "build"},
    "read": {"core", "read"},
    "web": {"core", "build", "read", "web"},
    "cli": set(HALVES),
}
"""The halves that a module of each may import."""


@cache
def half(module: str) -> str:
    """Give the half of the module or package *module* of ``kg``."""
    (found,) = [half for half, names in HALVES.items() if module in names]
    return found


def imported(path: Path) -> set[str]:
    """Give the modules and packages of ``kg`` that the file *path* imports anywhere, but for types only."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
    ]
    unseen = {inner for node in typing for inner in ast.walk(node)}
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node not in unseen:
            assert not node.level, f"{path}: a relative import"
            names |= {
                f"{node.module}.{alias.name}" if node.module == "kg" else str(node.module)
                for alias in node.names
            }
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    return {name.split(".")[1] for name in names if name.startswith("kg.")}


def test_each_module_belongs_to_one_half() -> None:
    modules = {path.stem for path in CODE.glob("*.py")} | {
        path.parent.name for path in CODE.glob("*/__init__.py")
    }
    assert sorted(modules) == sorted(name for names in HALVES.values() for name in names)


@pytest.mark.parametrize(
    "path", sorted(CODE.rglob("*.py")), ids=lambda path: path.relative_to(CODE).as_posix()
)
def test_a_module_imports_only_what_its_half_knows(path: Path) -> None:
    own = half(path.relative_to(CODE).parts[0].removesuffix(".py"))
    for module in imported(path):
        assert half(module) in KNOWN[own], f"{path.name}, of {own}, imports kg.{module}, of {half(module)}"


def test_only_the_command_ends_the_process() -> None:
    ending = [path for path in CODE.rglob("*.py") if "sys.exit" in path.read_text(encoding="utf-8")]
    assert {half(path.relative_to(CODE).parts[0].removesuffix(".py")) for path in ending} == {"cli"}
