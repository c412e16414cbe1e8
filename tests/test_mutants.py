"""The table of mutants is not stale: each has its place, and what comes of it is another program."""

from __future__ import annotations

import ast
from collections import Counter

import pytest

import mutants
from suites import ROOT

CODE = ROOT / "src" / "kg"
NAMED = ("evidence/", "deriving.py", "validation.py", "checks.py")


@pytest.mark.parametrize("file", mutants.MUTANTS)
def test_each_mutant_is_another_program(file: str) -> None:
    text = (CODE / file).read_text(encoding="utf-8")
    programs = {ast.dump(ast.parse(text))}
    for mutant in mutants.MUTANTS[file]:
        program = ast.dump(ast.parse(mutants.mutated(text, mutant)))
        assert program not in programs, mutant.breaks
        programs.add(program)


@pytest.mark.parametrize("old", ["a b", "none"])
def test_a_place_that_is_not_there_once_is_refused(old: str) -> None:
    with pytest.raises(ValueError, match=r"^the rule: the old text stands there [02] times"):
        mutants.mutated("a b, a b", mutants.Mutant("the rule", old, "c"))


def test_every_module_of_the_named_parts_has_mutants_and_tests_that_exist() -> None:
    parts = ("evidence", "redaction")
    modules = {f"{part}/{path.name}" for part in parts for path in (CODE / part).glob("[!_]*.py")}
    assert modules <= mutants.MUTANTS.keys() == mutants.SUITES.keys()
    for suites in mutants.SUITES.values():
        assert all((ROOT / suite).exists() for suite in suites)


def test_there_are_enough() -> None:
    number = {file: len(own) for file, own in mutants.MUTANTS.items()}
    assert min(number.values()) >= 3
    assert sum(number[file] for file in number if file.startswith(NAMED)) >= 50
    rules = Counter((file, mutant.breaks) for file, own in mutants.MUTANTS.items() for mutant in own)
    assert max(rules.values()) == 1
