"""The verbs of ``kg``, each imported when it is asked for: what a command does not use it need not wait for."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Final

import click

VERBS: Final[Mapping[str, str]] = {
    "new": "starting:new",
    "doctor": "diagnosing:doctor_",
    "import": "importing:import_",
    "build": "building:build",
    "validate": "building:validate",
    "fmt": "formatting:fmt",
    "verify": "evidence:verify",
    "anchor": "evidence:anchor",
    "sheet": "sheets:sheet",
    "diff": "differing:diff_",
    "release": "releasing:release",
    "withdraw": "redacting:withdraw",
    "query": "asking:query",
    "list": "asking:list_",
    "why": "asking:why",
    "cite": "citing:cite",
    "search": "searching:search",
    "compare": "comparing:compare",
    "export": "exporting:export",
    "push": "pushing:push",
    "serve": "serving:serve",
}
"""The module of each verb in this package, and its command there."""


class Verbs(click.Group):
    """The group of all verbs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Give the names of all verbs, in the order of the alphabet."""
        return sorted(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Give the verb *cmd_name*, None where there is none."""
        if cmd_name not in VERBS:
            return None
        module, _, name = VERBS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(f"kg.cli.{module}"), name)
        return command
