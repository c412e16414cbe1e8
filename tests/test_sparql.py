"""The tokens of SPARQL, and what no query may say: in any spelling, never inside a text, and never so deep as to crash."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg import sparql
from kg.errors import QueryError
from kg.store.engine import deep

PIECES = (
    "SELECT", "ASK", "?x", "$y", "?", "<http://a.example/b>", "<b#c>", "<", "<=", "<<", "<<(", ")>>", ">>", ">", "ex:a", "ex:a.b.c", ":",
    "_:b", "_:b.", "1", "-1", "+1.5", ".5", "1e5", "1.", "true", "a", "'", '"', "'''", '"""', "'x'", '"x\\"y"', "'''a'b'''", '"\\uD800"',
    "'''\\uD800'''", "\\", "\\u0041", "@en", "@en-GB", "@", "#", "# SERVICE\n", "{", "}", "(", ")", "[", "]", "||", "&&", "!=", "!", "^", "^^",
    "*", "/", "|", ",", ";", ".", " ", "\t", "\n", "\r\n", "\u00a0", "é", "\ufeff", "\ud800", "%41", "ex:%41", "ex:\\#", "ex:\\'",
)  # fmt: skip

anything = st.text(max_size=60) | st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


def kinds(text: str) -> list[tuple[str, str]]:
    return [(token.kind, token.text) for token in sparql.tokens(text) if token.significant]


LONG = {
    "a.": "a." * 100_000, "é.": "é." * 100_000, "a-": "a-" * 100_000, "a..-": "a..-" * 50_000, "_:a.": "_:a." * 50_000,
    "text": "'" * 3 + "a''" * 66_000, "escapes": '"' + "\\n" * 99_999, "IRI": "<" + "\\u0041" * 33_000,
}  # fmt: skip


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_a_long_word_takes_no_time_of_its_square(text: str) -> None:
    """Such a text of the longest length allowed took two minutes once; a process of its own is given one."""
    code = "import sys; from kg import sparql; print(len(sparql.tokens(sys.stdin.read())) > 0)"
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code],
        input=text,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )
    assert done.stdout == "True\n"


PLAIN = (
    "SELECT ",
    "ask",
    " CONSTRUCT",
    "describe\t",
    "WHERE",
    " {",
    "} ",
    "?p1 ",
    "$o",
    "<http://a.example/b#c>",
    " .",
    "; ",
    "a ",
    "LIMIT 5",
    "<b>",
)
TELLING = (
    "service",
    "?service",
    "FROM <b>",
    "from",
    "now",
    "?now",
    "rand",
    "uuid",
    "BASE <b>",
    "prefix",
    "version",
    "SERVICE<b>{}",
    "# <b>\n",
    "<<b> ?p <b>>",
)


@given(st.lists(st.sampled_from(PLAIN + PLAIN + TELLING), max_size=12).map("".join) | anything)
def test_what_is_known_at_a_glance_is_what_the_words_say(text: str) -> None:
    try:
        words = sparql.check(text)
    except QueryError as error:
        with pytest.raises(QueryError) as found:
            sparql.sense(text)
        assert (found.value.message, found.value.line, found.value.column) == (
            error.message,
            error.line,
            error.column,
        )
        return
    form = sparql.form(words)
    functions = [word.text.upper() for word in words if word.kind == "word"]
    assert sparql.sense(text) == (
        form is not None and form.text.upper() in ("CONSTRUCT", "DESCRIBE"),
        sparql.names_dataset(words),
        any(name in function for function in functions for name in ("NOW", "RAND", "UUID")),
    )


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("SELECT ?p ?o { <http://a.example/b#c> ?p ?o }", "SELECT"),
        ("  ask {}", "ask"),
        ("CONSTRUCT WHERE { ?s a <b> ; ?p ?o . } LIMIT 5", "CONSTRUCT"),
        ("ASK {" + "{" * sparql.MAX_DEPTH + "}" * sparql.MAX_DEPTH + "}", ""),
        ("SELECT * { ?s ?p ex:a }", ""),
        ("SELECT * { ?s ?p '<b>' }", ""),
        ("SELECT * { ?s ?p <b\ud800> }", ""),
        ("SELECT ?x {} # SERVICE", ""),
        ("SELECT ?x { SERVICE <b> {} }", ""),
        ("SELECT ?x FROM <b> {}", ""),
        ("SELECTED ?x {}", ""),
        ("SELECT ?x {} " + " " * sparql.MAX_TOKENS, ""),
    ],
)
def test_which_queries_are_known_at_a_glance(text: str, form: str) -> None:
    assert sparql._plain(text) == form


class TestTokens:
    @given(anything)
    def test_a_word_that_no_prefix_begins_in_hides_none(self, text: str) -> None:
        each = [
            match.group() for match in sparql._terminals(ascii=False).finditer(text)
        ]  # looked for at every place
        assert [token.text for token in sparql.tokens(text)] == each

    @given(anything)
    def test_joined_they_are_the_text(self, text: str) -> None:
        assert "".join(token.text for token in sparql.tokens(text)) == text

    @given(anything)
    def test_each_stands_where_it_says(self, text: str) -> None:
        lines = text.split("\n")
        for token in sparql.tokens(text):
            rest = "\n".join([lines[token.line - 1][token.column - 1 :], *lines[token.line :]])
            assert rest.startswith(token.text)

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("?a<b>", [("var", "?a"), ("iri", "<b>")]),
            ("?a < ?b", [("var", "?a"), ("symbol", "<"), ("var", "?b")]),
            ("?a<=?b", [("var", "?a"), ("symbol", "<="), ("var", "?b")]),
            ("?a<<b#c>", [("var", "?a"), ("symbol", "<"), ("iri", "<b#c>")]),
            (
                "<<<s> ?p ?o>>",
                [("symbol", "<<"), ("iri", "<s>"), ("var", "?p"), ("var", "?o"), ("symbol", ">>")],
            ),
            ("?a-5", [("var", "?a"), ("number", "-5")]),
            ("ex:a.b.c.", [("pname", "ex:a.b.c"), ("symbol", ".")]),
            ("ex:a\\#b #c", [("pname", "ex:a\\#b")]),
            ("_:a.b.", [("blank", "_:a.b"), ("symbol", ".")]),
            ('"a"@en-GB', [("string", '"a"'), ("lang", "@en-GB")]),
            ("'''a'b''c'''", [("string", "'''a'b''c'''")]),
            ("''''", [("string", "''"), ("string", "''")]),
            ('"""a\n"b"""', [("string", '"""a\n"b"""')]),
            ('"a\nb"', [("unknown", '"'), ("word", "a"), ("word", "b"), ("unknown", '"')]),
            ("1.5e3.", [("number", "1.5e3"), ("symbol", ".")]),
            ("p*/q?", [("word", "p"), ("symbol", "*"), ("symbol", "/"), ("word", "q"), ("symbol", "?")]),
            ("é\ufeff", [("unknown", "é"), ("unknown", "\ufeff")]),
        ],
    )
    def test_kinds(self, text: str, expected: list[tuple[str, str]]) -> None:
        assert kinds(text) == expected


ENDPOINT = "<http://127.0.0.1:9/x>"
SERVICES = {
    "plain": ("ASK { SERVICE %s {} }", (1, 7)),
    "small letters, silent": ("ASK { service silent %s {} }", (1, 7)),
    "a variable": ("SELECT * {\n  BIND (%s AS ?x)\n  SeRvIcE ?x { ?s ?p ?o } }", (3, 3)),
    "within": ("SELECT * { { SELECT * { OPTIONAL { SERVICE %s {} } } } }", (1, 36)),
    "in EXISTS": ("ASK { FILTER EXISTS { SERVICE %s {} } }", (1, 23)),
    "after a comment": ("ASK {#\rSERVICE %s {} }", (1, 8)),
    "after a number": ("ASK { ?s ?p 1SERVICE%s{} }", (1, 14)),
    "after true": ("ASK { ?s ?p trueSERVICE%s{} }", (1, 13)),
    "before SILENT": ("ASK { SERVICESILENT%s{} }", (1, 7)),
    "before a name": ("PREFIX ex: <http://127.0.0.1:9/> ASK { SERVICEex:a {} }", (1, 40)),
    "before a name, both prefixes declared": (
        "PREFIX ex: <http://127.0.0.1:9/> PREFIX SERVICEex: <urn:x:> ASK { SERVICEex:a {} }",
        (1, 67),
    ),
    "before the empty prefix": ("PREFIX : <urn:x:> PREFIX service: <urn:x:> ASK { service:a {} }", (1, 50)),
    "after the second full stop of a name": (
        "PREFIX ex: <urn:x:> ASK { ?s ?p ex:a.b.SERVICE %s {} }",
        (1, 33),
    ),
    "after the second full stop, glued": ("PREFIX ex: <urn:x:> ASK { ?s ?p ex:a.b.SERVICEex:c {} }", (1, 33)),
    "after an escaped mark": ("PREFIX ex: <urn:x:> ASK { ?s ?p ex:a\\#b. SERVICE %s {} }", (1, 42)),
    "after a comparison with an IRI": ("ASK { FILTER (?a<<http://a.example/#b>) SERVICE %s {}\n}", (1, 41)),
    "in what ends as no string": ("ASK { ?s ?p ('''a' 1) SERVICE %s {} #\\uD800'''\n}", (1, 23)),
}
HIDDEN = {
    "a comment where an IRI may be": 'ASK { FILTER (?a<?b#>"""\n) SERVICE %s {} #"""\n}',
    "a string where an IRI may be": 'ASK { FILTER (?a<\'>"""\') SERVICE %s {} #"""\n}',
    "brackets where an IRI may be": 'ASK { FILTER (?a<((?b>1)) && ?x<?b#>"""\n) SERVICE %s {} #"""\n}',
    "an escape where an IRI may be": 'ASK { FILTER (?a<\\u0023?b>""") SERVICE %s {} #"""\n}',
    "a namespace that ends in a port": "PREFIX ex: <http://a:> ASK { ?s ?p ex:SERVICE%s{} }",
    "a namespace that ends in an escaped port": "PREFIX ex: <http://a\\u003A> ASK { ?s ?p ex:SERVICE%s{} }",
    "a base that ends in a port": "BASE <http://a:> PREFIX ex: <> ASK { ?s ?p ex:SERVICE%s{} }",
    "a namespace that ends in a host": "PREFIX ex: <http://a> ASK { ?s ?p ex:b:SERVICE%s{} }",
    "an undeclared prefix": "ASK { ?s ?p SERVICEex:a }",
}
INNOCENT = (
    'ASK { ?s ?p "SERVICE", \'INSERT\', """\nDELETE SERVICE""" }',
    "ASK { ?s <http://a.example/SERVICE> ?o } # SERVICE",
    "PREFIX service: <http://a.example/> ASK { ?s service:b ?o ; a service:Desk } ",
    "PREFIX ex: <http://a.example/> ASK { GRAPH ex:service { ?service ex:service _:service } }",
    "PREFIX service: <http://a.example/> SELECT * FROM service:g FROM NAMED service:h { GRAPH service:g { ?s ?p ?o } }",
    'ASK { ?s ?p "x"@service }',
    "PREFIX ex: <http://a.example> ASK { ?s ?p ex:a }",
    "ASK { ?s ?p ?o . FILTER (?o < 3 && ?o>1) }",
    "ASK { ?s ?p (<#a> <http://a.example/b#c>) }",
    "SELECT (COUNT(*) AS ?n) { VALUES (?a ?b) { (<http://a.example/(x)#y> <http://a.example/(x)#y>) } }",
    "BASE <http://a.example/> ASK { ?s <#p> <b(c)#d> }",
)


class TestCheck:
    @pytest.mark.parametrize(("text", "place"), SERVICES.values(), ids=SERVICES)
    def test_service_is_refused_at_its_place(self, text: str, place: tuple[int, int]) -> None:
        with pytest.raises(QueryError, match="SERVICE is not allowed") as caught:
            sparql.check(text.replace("%s", ENDPOINT))
        assert (caught.value.line, caught.value.column) == place
        assert caught.value.remedy

    @pytest.mark.parametrize("text", HIDDEN.values(), ids=HIDDEN)
    def test_text_with_two_readings_is_refused(self, text: str) -> None:
        with pytest.raises(QueryError) as caught:
            sparql.check(text.replace("%s", ENDPOINT))
        assert caught.value.line and caught.value.remedy

    @pytest.mark.parametrize("text", INNOCENT)
    def test_words_in_texts_names_and_comments_do_not_count(self, text: str) -> None:
        sparql.check(text)

    @pytest.mark.parametrize(
        "word", ["INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "COPY", "MOVE", "ADD", "WITH"]
    )
    def test_updates_are_refused_by_name(self, word: str) -> None:
        with pytest.raises(QueryError, match=f"{word} is an update") as caught:
            sparql.check(f"PREFIX ex: <urn:x:>\nBASE <urn:y:>\n  {word.lower()} DATA {{ }}")
        assert (caught.value.line, caught.value.column) == (3, 3)

    @pytest.mark.parametrize(
        "text", ["SELECT * FROM <urn:g> {}", "ASKFROM<urn:g>{}", "SELECT * from named <urn:g> {}"]
    )
    def test_from_is_refused_where_it_is_not_wanted(self, text: str) -> None:
        sparql.check(text)
        with pytest.raises(QueryError, match="FROM"):
            sparql.check(text, dataset=False)

    def test_an_undeclared_prefix_is_named(self) -> None:
        with pytest.raises(QueryError, match="prefix kg: is not declared") as caught:
            sparql.check("PREFIX ex: <urn:x:>\nASK { ?s kg:a ex:b }")
        assert (caught.value.line, caught.value.column) == (2, 10)

    @given(anything)
    def test_any_text_passes_or_is_refused(self, text: str) -> None:
        try:
            sparql.check(text)
        except QueryError as error:
            assert error.line >= 1


class Listener:
    """A port on loopback that counts who knocks."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.hits = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                client, _ = self._socket.accept()
            except OSError:
                return
            self.hits += 1
            client.close()

    def close(self) -> None:
        self._socket.close()


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    found = Listener()
    yield found
    found.close()


GLUE = (
    "ASK", "SELECT*", "{", "}", "}", "(", ")", "FILTER", "EXISTS", "?s", "?p ", "?o", ".", ";", " ", "\n", "#", "<", ">", "<<", "&&", "true", "1",
    "'", '"', '"""', "'''", "\\uD800", "\\'", "ex:", "ex:a", "a.b.", "x:", "SERVICE", "SERVICE", "SILENT", "service:", "@", "@@", "=", "BIND(", " AS ?z)",
)  # fmt: skip
PROLOGUES = (
    "",
    "PREFIX ex: <urn:x:> PREFIX x: <http://a:> ",
    "PREFIX ex: @@ PREFIX : @@ PREFIX x: <urn:y:> PREFIX service: @@ PREFIX SERVICEex: @@ PREFIX ex:SERVICE: @@ ",
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=400)
@given(
    st.sampled_from(PROLOGUES),
    st.lists(st.sampled_from(GLUE), max_size=12).map("".join),
    st.sampled_from(
        [
            "SERVICE@@{}",
            "SERVICE ex:a{}",
            "ex:SERVICE@@{}",
            "a.b.SERVICE@@{}",
            "trueSERVICEex:a{}",
            "service:a{}",
        ]
    ),
    st.lists(st.sampled_from(GLUE), max_size=6).map("".join),
)
def test_what_passes_reaches_nobody(
    listener: Listener, prologue: str, before: str, service: str, after: str
) -> None:
    text = f"{prologue}ASK{{{before}{service}{after}}}".replace("@@", f"<http://127.0.0.1:{listener.port}/>")
    try:
        sparql.check(text)
        ox.Store().query(text)
    except (QueryError, SyntaxError, RuntimeError, OSError):
        pass
    assert listener.hits == 0


def test_the_listener_hears_the_engine() -> None:
    """What the test above rests on: without the check the engine does go there."""
    heard = Listener()
    text = f"ASK {{ SERVICE <http://127.0.0.1:{heard.port}/> {{ ?s ?p ?o }} }}"
    with pytest.raises((OSError, RuntimeError)):
        bool(ox.Store().query(text))
    heard.close()
    assert heard.hits


def nested(begin: str, core: str, end: str, head: str = "ASK { ", tail: str = " }") -> Callable[[int], str]:
    return lambda n: head + begin * n + core + end * n + tail


def chained(item: str, link: str, head: str = "ASK { ", tail: str = " }") -> Callable[[int], str]:
    return lambda n: head + link.join(item.replace("%", str(i)) for i in range(n)) + tail


FILTER = ("ASK { FILTER (", ") }")
DEEP = {
    "parentheses": nested("(", "1", ")", *FILTER),
    "functions": nested("STR(", "1", ")", *FILTER),
    "IF": nested("IF(1, 1, ", "1", ")", *FILTER),
    "IN": nested("1 IN (", "1", ")", *FILTER),
    "groups": nested("{", "", "}"),
    "OPTIONAL": nested("OPTIONAL {", "", "}"),
    "MINUS": nested("?a ?b ?c MINUS {", "", "}"),
    "EXISTS": nested("FILTER EXISTS {", "", "}"),
    "subqueries": nested("{ SELECT * {", "", "} }"),
    "unions": nested("{} UNION {", "", "}"),
    "GRAPH": nested("GRAPH ?g {", "", "}"),
    "paths": nested("(", "<urn:p>", ")", "ASK { ?s ", " ?o }"),
    "inverse paths": nested("^(", "<urn:p>", ")", "ASK { ?s ", " ?o }"),
    "blank nodes": nested("[ <urn:p> ", "1", " ]", "ASK { ", " <urn:p> 1 }"),
    "triples": nested("<<( ?a ?b ", "1", " )>>", "ASK { ?a ?b ", " }"),
    "not closed": nested("{", "", ""),
    "not closed, functions": nested("STR(", "", "", *FILTER),
}
LONG = {
    "||": chained("?a", " || ", *FILTER),
    "&&": chained("?a", " && ", *FILTER),
    "+": chained("?a", " + ", *FILTER),
    "signs": chained("1", "+", *FILTER),
    "*": chained("?a", " * ", *FILTER),
    "!": chained("!", "", "ASK { FILTER (", "?a) }"),
    "alternative paths": chained("<urn:p>", "|", "ASK { ?s ", " ?o }"),
    "several MINUS": chained("MINUS {}", " ", "ASK { ?a ?b ?c "),
    "FILTER": chained("FILTER(1)", ""),
    "BIND": chained("BIND(1 AS ?x%)", ""),
    "columns": chained("(1 AS ?x%)", "", "SELECT ", "{}"),
    "HAVING": chained("(1)", "", "SELECT ?a { ?a ?b ?c } GROUP BY ?a HAVING ", ""),
    "glued words": chained("true", "", "ASK { ?s ?p (", ") }"),
    "glued operators": chained("?b", "+", "ASK { FILTER (?a<", ">?c) }"),
}


SLOW = ("glued words",)
"""Planned in quadratic time or worse: what stops those is the deadline of whoever asks."""


def largest(build: Callable[[int], str], top: int) -> str:
    """Give the longest text of that shape, of less than *top* parts, that passes."""
    low = 1
    while top - low > 1:
        middle = (low + top) // 2
        low, top = (low, middle) if refused(build, middle) else (middle, top)
    return build(low)


def bear() -> None:
    def run(text: str) -> None:
        with suppress(SyntaxError, RuntimeError):
            ox.Store().query(text)

    threading.stack_size(sparql.STACK_BYTES // 3)
    texts = [largest(build, sparql.MAX_DEPTH + 1) for build in DEEP.values()]
    texts += [largest(build, sparql.MAX_TOKENS + 1) for name, build in LONG.items() if name not in SLOW]
    for text in texts:
        thread = threading.Thread(target=run, args=(text,))
        thread.start()
        thread.join()
    print(f"alive after {len(texts)}")


def refused(build: Callable[[int], str], count: int) -> bool:
    try:
        sparql.check(build(count))
    except QueryError as error:
        assert error.line and error.remedy
        return True
    return False


class TestLimits:
    @pytest.mark.parametrize("build", DEEP.values(), ids=DEEP)
    def test_deep_is_refused(self, build: Callable[[int], str]) -> None:
        assert not refused(build, sparql.MAX_DEPTH // 2 - 2)
        assert refused(build, sparql.MAX_DEPTH + 1)

    @pytest.mark.parametrize("build", LONG.values(), ids=LONG)
    def test_long_is_refused(self, build: Callable[[int], str]) -> None:
        assert not refused(build, 100)
        assert refused(build, sparql.MAX_TOKENS + 1)

    def test_data_are_not_counted(self) -> None:
        sparql.check("ASK { VALUES (?a ?b) { " + "(1 2) " * 20_000 + "} VALUES ?c { " + "3 " * 20_000 + "} }")

    def test_data_may_not_nest_either(self) -> None:
        assert refused(nested("<<( <urn:s> <urn:p> ", "1", " )>>", "ASK { VALUES ?a { ", " } }"), 101)

    def test_only_values_opens_data(self) -> None:
        assert refused(chained("?a ?b ?c .", " ", "ASK { VALUES ?a ?b { ", " } }"), 2_000)

    def test_too_long_a_text_is_refused(self) -> None:
        with pytest.raises(QueryError, match="characters"):
            sparql.check("ASK {}" + " " * sparql.MAX_CHARACTERS)

    def test_the_engine_bears_three_times_what_passes(self) -> None:
        """In a process of its own, which a crash would end: the largest texts that pass, on a third of the stack."""
        code = "import sys; sys.path[:0] = sys.argv[1:]; import test_sparql; test_sparql.bear()"
        here = Path(__file__).parent
        run = subprocess.run(
            [sys.executable, "-c", code, str(here)], check=False, capture_output=True, text=True
        )
        assert run.stdout == f"alive after {len(DEEP) + len(LONG) - len(SLOW)}\n", run.stderr

    def test_the_stack_is_deep_only_for_the_query(self) -> None:
        before = threading.stack_size()
        assert deep(lambda: 1) == 1
        assert threading.stack_size() == before
