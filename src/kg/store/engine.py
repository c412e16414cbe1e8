"""The engine: one query evaluated by pyoxigraph, in a thread with a stack deep enough for what the check lets pass."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from itertools import islice
from typing import Final, TypeAlias, TypeVar

import pyoxigraph as ox

from kg import sparql
from kg.errors import KgError, QueryError, QueryTooLarge, StoreError
from kg.sparql import Token
from kg.store import hints
from kg.store.protocol import Answer, Graphs
from kg.store.solutions import Solutions

Results: TypeAlias = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples
"""What the engine gives; bound to the thread that asked."""

_T = TypeVar("_T")
_STACK: Final = threading.Lock()
_PLACE: Final = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
_PADDING: Final = " " * 20
"""Longer than any keyword: the engine compares as many characters, and at the end of the text loses its place."""
_TRUTH: Final = re.compile(r"\b(?!(?:true|false)\b)(?i:true|false)\b")


def answer(store: ox.Store, text: str, *, base: str | None, union: bool) -> Answer:
    """Check and evaluate *text*. Raises QueryError, with line and column where the fault is in the text.

    With *union* a query without FROM reads all graphs as its default graph (the engine's setting would set FROM aside too).
    """
    union = union and not sparql.names_dataset(sparql.check(text))
    found = deep(lambda: evaluate(store, text, whole, base=base, union=union))
    if isinstance(found, KgError):
        raise found
    return found


def deep(task: Callable[[], _T]) -> _T:
    """Run *task* in a thread of its own with a deep stack, and give what it gives; it may not raise.

    Raises StoreError where there is no room for the thread.
    """
    results: list[_T] = []
    thread = threading.Thread(target=lambda: results.append(task()), name="query", daemon=True)
    with _STACK:  # the size is a setting of the whole process
        before = threading.stack_size(sparql.STACK_BYTES)
        try:
            thread.start()
        except RuntimeError as error:
            raise StoreError(
                "no thread can be started for the query", remedy="allow the process more memory or threads"
            ) from error
        finally:
            threading.stack_size(before)
    thread.join()
    return results[0]


def whole(found: Results) -> Answer:
    """Give all that the engine *found*."""
    if isinstance(found, ox.QuerySolutions):
        return solutions(found)
    return bool(found) if isinstance(found, ox.QueryBoolean) else list(found)


def solutions(found: ox.QuerySolutions, *, most: int | None = None) -> Solutions:
    """Give the rows that the engine *found*, at most *most* of them."""
    variables = tuple(variable.value for variable in found.variables)
    return Solutions(variables, tuple(tuple(row) for row in islice(found, most)))


def evaluate(
    store: ox.Store,
    text: str,
    read: Callable[[Results], _T],
    *,
    base: str | None,
    union: bool,
    graphs: Graphs | None = None,
) -> _T | KgError:
    """Evaluate *text*, which :func:`kg.sparql.check` let pass, in this thread, and give what *read* makes of the answer.

    *graphs* goes before the dataset that the text names. An error is given as a value: its traceback would carry the engine's
    iterators away. A MemoryError is QueryTooLarge; what *read* raises, where it is a KgError, is given as it is.
    """
    if graphs is not None:
        union = False  # the engine would set the graphs aside
    try:
        found = store.query(
            _small(text) + _PADDING,
            base_iri=base,
            use_default_graph_as_union=union,
            default_graph=None if graphs is None else list(map(ox.NamedNode, graphs.default)),
            named_graphs=None if graphs is None else list(map(ox.NamedNode, graphs.named)),
        )
        return read(found)
    except KgError as error:
        return error.with_traceback(None)
    except SyntaxError as error:
        return _syntax(text, str(error))
    except MemoryError:
        return QueryTooLarge(
            "the query needs more memory than there is for it", remedy="ask for less at once"
        )
    except OSError as error:
        return StoreError(f"the store cannot be read: {error}", remedy="start again, or run kg build")
    except (
        BaseException
    ) as error:  # a panic of the engine is no Exception; whatever it was, there is no answer
        return QueryError(f"the query cannot be answered: {error or type(error).__name__}")


def _small(text: str) -> str:
    """Give *text* with truth values in small letters: SPARQL takes any (section 19.8, note 1), the engine these."""
    if not _TRUTH.search(text):
        return text
    return "".join(
        token.text.lower() if token.kind == "word" and _TRUTH.fullmatch(token.text) else token.text
        for token in sparql.tokens(text)
    )


def _syntax(text: str, message: str) -> QueryError:
    """Give the engine's syntax error in plain words, at the token where it stands."""
    tokens = [token for token in sparql.tokens(text) if token.significant]
    torn = next((token for token in tokens if token.kind == "unknown"), None)
    if torn is not None:
        what = (
            "this quotation mark is not closed"
            if torn.text in "'\""
            else f"{torn.text!r} has no meaning here"
        )
        remedy = (
            "close it, or write \\ before a quotation mark that belongs to the text"
            if torn.text in "'\""
            else ""
        )
        return QueryError(what, line=torn.line, column=torn.column, remedy=remedy)
    found = _PLACE.match(message)
    if found is None:
        return QueryError(f"the query is not valid SPARQL: {message}")
    return _placed(text, tokens, (int(found[1]), int(found[2])), found[3].split(", "))


def _placed(text: str, tokens: list[Token], place: tuple[int, int], expected: list[str]) -> QueryError:
    """Give the error at the token where the engine stumbled.

    It says how far it came. That is exact where it expected a sign or a character; where it expected keywords, it is past
    as many characters as the keyword has; where it has a reason of its own, past the words that are at fault.
    """
    reasons = [item for item in expected if re.fullmatch(r"[A-Za-z]+(?: [A-Za-z]+)+", item)]
    words = {len(item) for item in expected if re.fullmatch("[A-Za-z0-9_]+", item)}
    starts = {(token.line, token.column): token for token in tokens}
    line, column = place
    found = None
    how = "at"
    if reasons:
        found = next((token for token in reversed(tokens) if (token.line, token.column) < place), None)
    elif any(item[0] in '"[' and item != "[_]" for item in expected):
        found = next((token for token in tokens if (token.line, token.column) >= place), None)
    else:
        how = "at or after"
        found = next((starts[line, column - n] for n in sorted(words) if (line, column - n) in starts), None)
    if found is None:
        lines = text.rstrip().split("\n")
        return QueryError(
            "the query ends too early",
            line=len(lines),
            column=len(lines[-1]) + 1,
            remedy=hints.early(tokens),
        )
    what = f"the query is not valid SPARQL {how} {found.text[:40]!r}"
    remedy = hints.unbound(reasons[0]) if reasons else hints.at(found, tokens)
    return QueryError(": ".join([what, *reasons[:1]]), line=found.line, column=found.column, remedy=remedy)
