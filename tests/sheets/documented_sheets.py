"""The section of docs/sheets.md on a sheet, as its columns say it."""

from __future__ import annotations

from kg.sheets.columns import Column, Sheet

HEAD = "| column | what it holds | values | example | property |\n|---|---|---|---|---|\n"


def section(sheet: Sheet) -> str:
    """Give the heading, what the sheet is of, and the table of its columns."""
    about = sheet.about[0].upper() + sheet.about[1:]
    return f"## {sheet.name}.csv\n\n{about}.\n\n{HEAD}{''.join(map(_row, sheet.documented))}"


def _row(column: Column) -> str:
    name = f"**`{column.name}`**" if column.required else f"`{column.name}`"
    values = f"{column.values}; several" if column.many else column.values
    example = f"`{column.example}`" if column.example else ""
    property = ", ".join(f"`{each}`" for each in column.property.split(", ") if each)
    cells = (name, column.about, values, example, property)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"
