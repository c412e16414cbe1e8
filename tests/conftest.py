"""Fixtures and settings for all tests; what may be absent is found by :mod:`suites`."""

from __future__ import annotations

import gc
import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

import suites

if TYPE_CHECKING:
    from xdist.remote import Producer
    from xdist.scheduler import LoadGroupScheduling

settings.register_profile("attest", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "attest")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The directory of shared material; part "seed"."""
    return suites.require("seed").parent.parent


@pytest.fixture(scope="session")
def seed() -> Path:
    """The text of the first source; part "seed"."""
    return suites.require("seed")


@pytest.fixture(scope="session")
def w3c() -> Path:
    """The directory holding ``rdf-tests/`` and ``data-shapes-tests/``, unpacked; part "w3c"."""
    return suites.require("w3c")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "needs(part): skip where the part is absent, fail where KG_TEST_REQUIRE names it"
    )
    suites.required()
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
        # hundreds of processes would each compile all that they import: it is kept, but not beside the source
        os.environ["PYTHONPYCACHEPREFIX"] = str(suites.ROOT / ".pytest_cache" / "bytecode")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadGroupScheduling:
    """Give each file to one worker, which then makes what its tests share once; a group that is marked stays one."""
    from xdist.scheduler import LoadGroupScheduling

    class ByFile(LoadGroupScheduling):
        def _split_scope(self, nodeid: str) -> str:
            group = super()._split_scope(nodeid)
            return nodeid.partition("::")[0] if group == nodeid else group

    return ByFile(config, log)


def pytest_collection_finish() -> None:
    """Leave what stays until the end, as modules and tests do, out of each search for garbage: that took a fifth of the time."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark in item.iter_markers("needs"):
        suites.require(*mark.args)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was skipped and why, one line a reason; pytest's own closing line follows."""
    reasons = Counter(
        report.longrepr[2].removeprefix("Skipped: ")
        for report in terminalreporter.stats.get("skipped", [])
        if isinstance(report.longrepr, tuple)
    )
    if reasons:
        terminalreporter.section("skipped, and why")
    for reason, count in sorted(reasons.items()):
        terminalreporter.write_line(f"{count:5}  {reason}")
