"""The invented collection once more, with texts that mean harm in the place of all that people read, and its harmless twin.

Both have the same statements but for the ends of their texts, so that a page of one has the elements of the same page of the
other, unless a text became markup.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from functools import cache
from itertools import count, cycle
from pathlib import Path

import velmora
from collection import SOURCES, digest
from kg import building
from kg.project import Project
from suites import ROOT, once

MARK = "zqx"
"""Stands in each text of the data, of which every occurrence on a page is looked at."""
RAN = "data-ran"
"""The attribute of the root element that a script sets, where one runs."""

_RUN = f"document.documentElement.setAttribute('{RAN}','1')"
TEXTS = (
    f"<script>{_RUN}</script>",
    f"</script><script>{_RUN}</script>",
    f'"><img src=x onerror="{_RUN}">',
    f"' onmouseover='{_RUN}' x='",
    f'" autofocus onfocus="{_RUN}" x="',
    f"<svg/onload={_RUN}>",
    f"</bdi></a></dd></title></textarea></pre><script>{_RUN}</script><!--",
    "<!-- --> <![CDATA[ ]]> <?php ?> &lt;b&gt; &#60;b&#62; &amp;",
    f"javascript:{_RUN}",
    f"data:text/html,<script>{_RUN}</script>",
    f"[x](javascript:{_RUN}) https://evil.example/",
    "{{ 7*7 }} {% raw %} {{ self }} ${7*7} #{7*7} <%= 7*7 %>",
    "\u202e\u202dturned\u2066\u2067\u2068 around \u200f\u061c\u200b",
    "\x01\x02\x08\x0b\x0c\x1b[31m\x1b]0;title\x07\x7f\x85\u2028\u2029\ufeff\ufffe",
    "=cmd|' /C calc'!A0 @SUM(1+1) -1+1",
    "W" * 3000,
    "\u0338\u0489" * 200 + "Z\u0351\u0343",
    "'; DROP TABLE claims; -- \" > } . ?s ?p ?o",
    "\n\n\t  line\r\nanother  ",
    f"<style>*{{display:none}}</style><base href=//evil.example/><meta http-equiv=refresh content='0;url=javascript:{_RUN}'>",
    f"<form action=//evil.example/><input name=query><iframe srcdoc='<script>{_RUN}</script>'>",
)
HARMLESS = "word"

IRIS = """
@prefix ex: <http://other.example/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<https://archive.example/velmora/strange> a ex:Thing, <javascript:alert(1)>, <urn:x:'onclick=alert(1)'> ;
    rdfs:label "strange"@en ; rdfs:seeAlso <javascript:alert(1)>, <JaVaScRiPt:alert(1)>, <data:text/html,x>, <vbscript:x>, <file:///etc/passwd>,
        <http://away.example/'onmouseover='alert(1)>, <http://away.example/?a=1&b=%22%3E&lt;>, <mailto:a@b.example> ;
    <javascript:alert(2)> "by a strange property"@en, ex:Thing ; ex:date "<b>1"^^xsd:date ; ex:uri "javascript:alert(3)"^^xsd:anyURI ;
    ex:any "text"^^<javascript:alert(4)> ; ex:tongue "text"@en-x-onload ; ex:list ( "a"@en <javascript:alert(5)> [ ex:name "b"@en ] ) .
<https://archive.example/velmora/id/place/'onclick=alert(1)'> rdfs:label "a slug"@en ; ex:part <https://archive.example/velmora/strange> .
<javascript:alert(1)> rdfs:label "a class"@en .
"""
"""Data of no profile, in which IRIs mean harm: they are the same in both."""

QUESTION = """#+ summary: Labels{0}
#+ description: Everything that has a label{0}
#+ note: Nothing is left out{0}
#+ asked-by: reader{0}
#+ tags: [labels]
#+ params:
#+   it: {{type: iri, default: "place:velmora", summary: "the thing{0}"}}
#+   text: {{type: string, default: "x{1}", summary: "a text{0}"}}
#+   sure: {{type: boolean, default: null, summary: any}}
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
SELECT DISTINCT ?it ?label ?claim WHERE {{
  {{ ?it rdfs:label ?label }} UNION {{ ?claim rdf:subject ?it }}
  BIND (?_it AS ?one) BIND (?_text AS ?words) BIND (?_sure AS ?certain) FILTER (?it != ?one || ?words != "")
}}
ORDER BY STR(?it) STR(?label) STR(?claim)
"""


def _ends(harmful: bool) -> Iterator[str]:
    """Give the ends of texts, one after the other."""
    return cycle(TEXTS) if harmful else cycle([HARMLESS])


def _quoted(text: str) -> str:
    """Give *text* as it stands between quotation marks in Turtle, TOML and YAML."""
    return "".join(
        f"\\U{ord(sign):08X}" if sign in '"\\' or not sign.isprintable() else sign for sign in text
    )


def rewritten(text: str, harmful: bool, *, mark: str = MARK) -> str:
    """Give a Turtle *text*, each text in a language with another end, and a number before that, so that all differ."""
    ends, numbers = _ends(harmful), count()
    return re.sub(
        r'("(?:[^"\\\n]|\\.)*)("@[a-z-]+)',
        lambda found: f"{found[1]} {mark}{next(numbers)} {_quoted(next(ends))}{found[2]}",
        text,
    )


def project(target: Path, harmful: bool) -> Path:
    """Lay the collection out in *target*, with the profile ``attest``: data, ontology, rules, question and settings."""
    root = velmora.project(target)
    file = velmora.statements(root)
    file.write_text(rewritten(file.read_text("utf-8"), harmful), "utf-8")
    for file in sorted((root / "ontology").rglob("*.ttl")):
        if "alignments" not in file.parts:
            file.write_text(rewritten(file.read_text("utf-8"), harmful, mark="term"), "utf-8")
    end = _quoted(" ".join(TEXTS[:5]) if harmful else HARMLESS)
    settings = (root / "kg.toml").read_text("utf-8")
    settings = settings.replace('title = "', f'title = "{end} ').replace(
        'licence = "https://creativecommons.org/licenses/by/4.0/"\n[',
        f'licence = "https://creativecommons.org/licenses/by/4.0/"\ndescription = "{end}"\npublisher = "{end}"\n[',
        1,
    )
    (root / "kg.toml").write_text(settings, "utf-8")
    (root / "queries").mkdir()
    line = TEXTS[0] + TEXTS[2].replace('"', "'") if harmful else HARMLESS
    (root / "queries" / "labels.rq").write_text(QUESTION.format(" " + line, _quoted(end)), "utf-8")
    return root


@cache
def attest(harmful: bool) -> Path:
    """Give the directory of releases of the collection with its profile, built once for all workers and runs."""

    def build(fresh: Path) -> None:
        building.build(Project.open(project(fresh / "project", harmful)), fresh / "build")
        shutil.rmtree(fresh / "project")

    return once(_kept(f"attest-{harmful}"), build) / "build"


@cache
def plain(harmful: bool) -> Path:
    """Give the directory of releases of the same statements, and of :data:`IRIS`, with no profile."""

    def build(fresh: Path) -> None:
        data = fresh / "data.ttl"
        statements = (velmora.PLACE / "valid.base.ttl").read_text("utf-8")
        base = statements.replace("https://attest.example/baku-1990/", velmora.BASE)
        data.write_text(rewritten(base, harmful) + rewritten(IRIS, harmful), "utf-8")
        title = TEXTS[0] if harmful else HARMLESS
        building.build(Project.adhoc([data], base=velmora.BASE, title=title), fresh / "build")

    return once(_kept(f"plain-{harmful}"), build) / "build"


def _kept(name: str) -> Path:
    made_of = digest(*SOURCES, "tests/hostile.py", "tests/velmora.py", "tests/shapes")
    return ROOT / ".pytest_cache" / f"hostile-{name}-{made_of}"
