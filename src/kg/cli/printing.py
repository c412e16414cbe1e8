"""What commands print: tables of rows."""

from __future__ import annotations

from collections.abc import Sequence

import click
from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from kg.escaping import escaped

_GAP = 3
"""Columns of the terminal that the table draws around each of its own."""


def too_wide(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether the terminal is narrower than the table; what is no terminal takes any width."""
    console = Console(soft_wrap=True)
    return console.is_terminal and sum(_widths(_used(columns, rows)[1])) > console.width


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table without the columns that are empty in every row; nothing is cut.

    Where the terminal is narrower than the table, each row is printed as a block of lines instead.
    """
    empty, cells = _used(columns, rows)
    if too_wide(columns, rows):
        _blocks(cells[0], cells[1:])
        return
    drawn = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False, width=None)
    for name in cells[0]:
        drawn.add_column(name, no_wrap=True)
    for row in cells[1:]:
        drawn.add_row(*map(Text, row))
    wide = Console(width=max(sum(_widths(cells)), 40))
    with wide.capture() as captured:
        wide.print(drawn)
    for line in filter(None, map(str.rstrip, captured.get().splitlines())):
        click.echo(line)
    if empty:
        click.echo(f"(empty in every row: {', '.join(empty)})", err=True)


def _used(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[list[str], list[list[str]]]:
    """Give the names of the columns that are empty in every row, and header and rows without those, escaped."""
    used = [index for index, _ in enumerate(columns) if not rows or any(row[index] for row in rows)]
    cells = [[escaped(line[index], keep="\n\t") for index in used] for line in (columns, *rows)]
    return [name for index, name in enumerate(columns) if index not in used], cells


def _widths(cells: Sequence[Sequence[str]]) -> list[int]:
    return [max(cell_len(cell) for cell in column) + _GAP for column in zip(*cells, strict=True)]


def _blocks(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print each row as lines of name and value, without those that are empty."""
    width = max(map(cell_len, columns), default=0)
    for row in rows:
        for name, cell in zip(columns, row, strict=True):
            if cell:
                click.echo(f"{click.style(name.ljust(width), bold=True)}  {cell}")
        click.echo()


def count(number: int, noun: str) -> str:
    """Give *number* with its *noun*, which takes an s."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
