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

    @property
    def form(self) -> str:
        """The word that names its form: SELECT, ASK, CONSTRUCT or DESCRIBE."""
        word = sparql.form(self._tokens())
        return word.text.upper() if word is not None else ""

    @property
    def columns(self) -> tuple[str, ...]:
        """The variables of its SELECT list, in order; none of ``SELECT *`` and of other forms."""
        tokens = self._tokens()
        word = sparql.form(tokens)
        if word is None or self.form != "SELECT":
            return ()
        columns, depth, before = [], 0, ""
        for token in tokens[tokens.index(word) + 1 :]:
            text = token.text.upper()
            if not depth and text in ("WHERE", "FROM", "{"):
                break
            if token.kind == "var" and (not depth or (depth == 1 and before == "AS")):
                columns.append(token.text[1:])
            depth += (text == "(") - (text == ")")
            before = text
        return tuple(columns)

    @property
    def names(self) -> frozenset[str]:
        """The names of its parameters."""
        return frozenset(param.name for param in self.params)

    def _tokens(self) -> list[Token]:
        return [token for token in sparql.tokens(self.text) if token.significant]

    def known(self, name: str) -> Param:
        """Give the parameter *name*. Raises QueryError, which names those that there are."""
        params = {param.name: param for param in self.params}
        if name not in params:
            near = get_close_matches(name, params, n=1)
            raise QueryError(
                f"{self.name} has no parameter {name!r}" + (f"; did you mean {near[0]!r}?" if near else ""),
                remedy=f"its parameters are {', '.join(params)}" if params else "it takes no parameters",
            )
        return params[name]

    def rebased(self, base: Base) -> str:
        """Give the text with *base* for the source base in its IRIs, and its parameters as they are."""
        return "".join(_bound(token, {}, base) for token in sparql.tokens(self.text))

    def bind(self, values: Mapping[str, object], base: Base) -> str:
        """Give the text with *values* for its parameters and *base* for the source base in its IRIs.

        A value may be a str, int, bool or date; None stands for left out. Raises QueryError for an unknown or missing parameter
        and for a value that is not of the parameter's type.
        """
        for name in values:
            self.known(name)
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
