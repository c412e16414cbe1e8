"""The section of docs/tables.md on a table, as its columns say it."""

from __future__ import annotations

from kg.tables.columns import Column, Table

HEAD = "| column | type | what it holds |\n|---|---|---|\n"


def section(table: Table) -> str:
    rows = "".join(f"| `{column.name}` | {_type(column)} | {column.about} |\n" for column in table.columns)
    about = table.about[0].upper() + table.about[1:]
    return f"## {table.file}\n\n{about}.\n\n{HEAD}{rows}"


def _type(column: Column) -> str:
    said = f"list of {column.datatype}" if column.many else column.datatype
    if column.required:
        said += ", required"
    return f"{said} → {column.refers}" if column.refers and column.datatype == "anyURI" else said
