"""The file of a query: its header in YAML, and whether text and header agree."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, Final

import yaml

from kg import sparql
from kg.errors import QueryError
from kg.names import SLUG, Base
from kg.queries.question import Param, Query
from kg.queries.terms import TERMS
from kg.sparql import Token

_MARK: Final = "#+"
_KEYS: Final = ("summary", "description", "note", "asked-by", "tags", "params")
_PARAM_KEYS: Final = ("type", "default", "summary")
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
_NAMED: Final = ("iri", "pname")
"""Kinds of token that a property is named by."""


@lru_cache(
    maxsize=512
)  # releases that are kept or exchanged have mostly the same queries, and YAML takes its time
def read(name: str, text: str, base: Base) -> Query:
    """Read one query from the text of its file. Raises QueryError with the line."""
    if not SLUG.fullmatch(name):
        raise QueryError(
            f"{name!r} is no name for a query", remedy="use lower-case letters, digits and hyphens"
        )
    header, start = _header(text)
    _known_keys(header, _KEYS, start)
    summary, description, note, asked_by = (
        _text(header, key, start) for key in ("summary", "description", "note", "asked-by")
    )
    if not summary:
        raise QueryError("the header has no summary", line=1, remedy="begin with #+ summary: …")
    tags = header.get("tags") or []
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise QueryError("tags is a list of words", line=start, remedy="write tags: [one, two]")
    params = tuple(_param(*each, base, start) for each in _params(header.get("params") or {}, start))
    _check_use(params, sparql.check(text), start)
    return Query(name, summary, description, note, asked_by, tuple(tags), params, text)


class _Loader(yaml.SafeLoader):
    """YAML without its dates and with no key given twice."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen = set()
    for key, _ in node.value:
        if key.value in seen:
            raise yaml.MarkedYAMLError(problem=f"{key.value!r} stands twice", problem_mark=key.start_mark)
        seen.add(key.value)
    return loader.construct_mapping(node, deep=True)


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def _header(text: str) -> tuple[dict[str, Any], int]:
    """Give the header of a file and the number of its first line."""
    lines = text.splitlines()
    first = next((number for number, line in enumerate(lines) if line.startswith(_MARK)), None)
    if first is None:
        raise QueryError("the query has no header", line=1, remedy="begin with #+ summary: …")
    last = next(
        (number for number in range(first, len(lines)) if not lines[number].startswith(_MARK)), len(lines)
    )
    source = "\n".join(line[len(_MARK) :].removeprefix(" ") for line in lines[first:last])
    try:
        header = yaml.load(source, Loader=_Loader)  # noqa: S506  # a SafeLoader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise QueryError(
            f"the header is not YAML: {getattr(error, 'problem', None) or 'it cannot be read'}",
            line=first + 1 + (mark.line if mark else 0),
            column=mark.column + len(_MARK) + 2 if mark else 1,
            remedy="put texts with a colon in quotation marks",
        ) from error
    if not isinstance(header, dict):
        raise QueryError("the header holds no keys", line=first + 1, remedy="begin with #+ summary: …")
    return header, first + 1


def _known_keys(given: Mapping[Any, Any], known: tuple[str, ...], line: int) -> None:
    for key in given:
        if key not in known:
            raise QueryError(
                f"the header does not know {key!r}", line=line, remedy=f"it knows {', '.join(known)}"
            )


def _text(given: Mapping[str, Any], key: str, line: int) -> str:
    value = given.get(key)
    if value is not None and not isinstance(value, str):
        raise QueryError(f"{key} is a text", line=line, remedy="put it in quotation marks")
    return " ".join((value or "").split())


def _params(given: Any, line: int) -> list[tuple[Any, Any]]:
    """Give name and description of each parameter, from a map or a list of maps with a name."""
    if isinstance(given, dict):
        return list(given.items())
    if not isinstance(given, list) or not all(isinstance(each, dict) and "name" in each for each in given):
        raise QueryError(
            "params is neither a map nor a list of maps with a name",
            line=line,
            remedy="write params:, then name: {type: …}",
        )
    pairs = [(each["name"], {key: value for key, value in each.items() if key != "name"}) for each in given]
    names = [name for name, _ in pairs]
    if twice := [name for name in names if names.count(name) > 1]:
        raise QueryError(f"the parameter {twice[0]!r} stands twice", line=line, remedy="remove one")
    return pairs


def _param(name: Any, given: Any, base: Base, line: int) -> Param:
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise QueryError(
            f"{name!r} is no name for a parameter", line=line, remedy="use letters, digits and _"
        )
    if not isinstance(given, dict):
        raise QueryError(f"the parameter {name!r} has no type", line=line, remedy="write {type: …}")
    _known_keys(given, _PARAM_KEYS, line)
    kind, default = str(given.get("type")), given.get("default")
    if kind not in TERMS:
        near = get_close_matches(kind, TERMS, n=1)
        raise QueryError(
            f"the parameter {name!r} has the type {kind!r}, which is none"
            + (f"; is {near[0]} meant?" if near else ""),
            line=line,
            remedy=f"the types are {', '.join(TERMS)}",
        )
    text = None if default is None else str(default).lower() if isinstance(default, bool) else str(default)
    param = Param(name, kind, text, _text(given, "summary", line), required="default" not in given)
    try:
        if text is not None:
            param.term(text, base)
    except QueryError as error:
        raise QueryError(f"the default of {error}", line=line, remedy=error.remedy) from None
    return param


def _check_use(params: tuple[Param, ...], tokens: list[Token], line: int) -> None:
    """Refuse a parameter that the text does not use, one that the header does not know, and an optional one out of its place."""
    known = {param.name: param for param in params}
    used = set()
    for index, token in enumerate(tokens):
        if token.kind != "var" or token.text[1] != "_":
            continue
        name = token.text[2:]
        if name not in known:
            raise QueryError(
                f"{token.text} is used, but the header has no parameter {name!r}",
                line=token.line, column=token.column, remedy="add it under params, or begin the variable without _",
            )  # fmt: skip
        used.add(name)
        if known[name].default is None and not known[name].required and not _may_stand(tokens, index):
            raise QueryError(
                f"the optional parameter {name!r} stands outside BIND ({token.text} AS …) and is no subject or object",
                line=token.line, column=token.column, remedy=f"write BIND ({token.text} AS ?{name}) and use ?{name}",
            )  # fmt: skip
    if unused := [name for name in known if name not in used]:
        raise QueryError(
            f"the parameter {unused[0]!r} is not used", line=line, remedy=f"use ?_{unused[0]}, or remove it"
        )


def _may_stand(tokens: list[Token], index: int) -> bool:
    """Tell whether what stands at *index* may be a variable as well as a term: in ``BIND (… AS``, or as the subject or object of a triple pattern.

    An object follows a property that is named, or the end of a path of such.
    """
    before, after = tokens[index - 1], tokens[index + 1]
    if [each.text.upper() for each in tokens[max(index - 2, 0) : index]] == [
        "BIND",
        "(",
    ] and after.text.upper() == "AS":
        return True
    if before.text in ("{", "}", "."):
        return after.kind in _NAMED or after.text in ("a", "^")
    return (before.kind in _NAMED or before.text in ("a", "+", "*")) and after.text in (".", ";", ",", "}")
