"""``csv-metadata.json``: what the tables and their columns are, for machines.

CSV on the Web as the Metadata Vocabulary for Tabular Data (W3C 2015) has it: a table group with datatypes,
separators, keys and, for each column that holds values of a property, its IRI. The columns that only help to read
(labels, our wording) are left out of a conversion to RDF.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from kg.manifest import Manifest
from kg.names import EDTF_TYPE, Base
from kg.tables.columns import EDTF, Column
from kg.tables.writing import Filled

NAME: Final = "csv-metadata.json"
"""The name under which readers look for the metadata beside a table (Model for Tabular Data §5.3)."""

_CONTEXT: Final = ["http://www.w3.org/ns/csvw", {"@language": "en"}]
_DIALECT: Final = {
    "commentPrefix": None,
    "delimiter": ",",
    "doubleQuote": True,
    "encoding": "utf-8",
    "header": True,
    "lineTerminators": ["\r\n"],
    "quoteChar": '"',
    "skipBlankRows": False,
    "trim": False,
}
_MEANING: Final = (
    "Statements of sources, each with its speaker: the tables compile what sources say and allege nothing. "
    "Where visibility is veiled, the collection hides the resource on its pages until a reader asks for it: do so too. "
    "An empty cell means that nothing is recorded. Values are exact, so a spreadsheet may take one for a formula: "
    "import the columns as text."
)


def metadata(tables: Sequence[Filled], manifest: Manifest) -> bytes:
    """Give ``csv-metadata.json`` for *tables* of the release that *manifest* describes."""
    keys = {filled.table.name: filled.column("iri") for filled in tables}
    group = {
        "@context": _CONTEXT,
        "@type": "TableGroup",
        **_about(manifest),
        "dialect": _DIALECT,
        "tables": [_table(filled, keys) for filled in tables],
    }
    return f"{json.dumps(group, indent=1, ensure_ascii=False)}\n".encode()


def _about(manifest: Manifest) -> dict[str, Any]:
    said = {
        "dc:title": manifest.title,
        "dc:description": " ".join(filter(None, (manifest.description, _MEANING))),
        "dc:publisher": manifest.publisher,
        "dc:license": {"@id": manifest.licence} if manifest.licence else None,
        "dc:source": {"@id": Base(manifest.base).dataset},
        "dc:identifier": manifest.id,
        "dc:date": manifest.date,
    }
    return {name: value for name, value in said.items() if value}


def _table(filled: Filled, keys: dict[str, frozenset[str]]) -> dict[str, Any]:
    table = filled.table
    foreign = [
        {
            "columnReference": column.name,
            "reference": {"resource": f"{column.refers}.csv", "columnReference": "iri"},
        }
        for column in table.columns
        if column.refers and column.datatype == "anyURI" and filled.column(column.name) <= keys[column.refers]
    ]
    return {
        "url": table.file,
        "dc:description": table.about,
        "tableSchema": {
            "aboutUrl": "{+iri}",
            "columns": [_column(column, filled.separators.get(column.name, "")) for column in table.columns],
            "primaryKey": "iri",
            "rowTitles": ["label" if any(c.name == "label" for c in table.columns) else "iri"],
            **({"foreignKeys": foreign} if foreign else {}),
        },
    }


def _column(column: Column, separator: str) -> dict[str, Any]:
    said: dict[str, Any] = {
        "name": column.name,
        "titles": column.name,
        "dc:description": column.about,
        "datatype": {"@id": EDTF_TYPE, "base": "string"} if column.datatype == EDTF else column.datatype,
        "required": column.required,
    }
    if separator:
        said["separator"] = separator
    if column.refers and column.datatype == "anyURI":
        said["dc:references"] = {"@id": f"{column.refers}.csv"}
    if column.property:
        said["propertyUrl"] = column.property
        if column.namespace:
            said["valueUrl"] = f"{column.namespace}{{{column.name}}}"
        elif column.datatype == "anyURI" and not column.many:
            said["valueUrl"] = f"{{+{column.name}}}"
    else:
        said["suppressOutput"] = True
    return said
