"""A named query and its parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from kg import sparql
from kg.errors import QueryError
from kg.names import Base
from kg.queries.terms import TERMS
from kg.sparql import Token


@dataclass(frozen=True, slots=True)
class Param:
    """A parameter of a query; ``default`` is a value as a person would write it, None where there is none."""

    name: str
    type: str
    default: str | None
    summary: str
    required: bool

    def term(self, value: object, base: Base) -> str:
        """Give *value* as a SPARQL term. Raises QueryError, naming the parameter, where it is not of the type."""
        text = str(value).lower() if isinstance(value, bool) else str(value)
        try:
            return TERMS[self.type](text, base)
        except QueryError as error:
            raise QueryError(f"{self.name}: {error}", remedy=error.remedy) from None


@dataclass(frozen=True, slots=True)
class Query:
    """A named query: what its header says, and its whole text, written with the source base.

    ``note`` says what an answer leaves out, for a reader who sees its rows only.
    """

    name: str
    summary: str
    description: str
    note: str
    asked_by: str
    tags: tuple[str, ...]
    params: tuple[Param, ...]
    text: str

    def bind(self, values: Mapping[str, object], base: Base) -> str:
        """Give the text with *values* for its parameters and *base* for the source base in its IRIs.

        A value may be a str, int, bool or date; None stands for left out. Raises QueryError for an unknown or missing parameter
        and for a value that is not of the parameter's type.
        """
        known = {param.name: param for param in self.params}
        for name in values:
            if name not in known:
                near = get_close_matches(name, known, n=1)
                raise QueryError(
                    f"{self.name} has no parameter {name!r}"
                    + (f"; did you mean {near[0]!r}?" if near else ""),
                    remedy=f"its parameters are {', '.join(known)}" if known else "it takes no parameters",
                )
        terms = {}
        for param in self.params:
            value = values.get(param.name)
            if value is None and param.required:
                raise QueryError(f"{self.name} needs the parameter {param.name!r}", remedy=param.summary)
            if value is not None or param.default is not None:
                terms[param.name] = param.term(param.default if value is None else value, base)
        return "".join(_bound(token, terms, base) for token in sparql.tokens(self.text))


def _bound(token: Token, terms: Mapping[str, str], base: Base) -> str:
    if token.kind == "var" and token.text[1:2] == "_" and token.text[2:] in terms:
        return terms[token.text[2:]]
    if token.kind == "iri":
        return f"<{base.rebase(token.text[1:-1])}>"
    return token.text
