"""Queries that mean harm: short, and allowed by the check."""

from __future__ import annotations

DOUBLING = (
    "SELECT (STRLEN(?v32) AS ?n) { BIND('ab' AS ?v0) "
    + " ".join(f"BIND(CONCAT(?v{n}, ?v{n}) AS ?v{n + 1})" for n in range(32))
    + " }"
)
CROSS = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . "
ANY = "(<a:b>|!<a:b>)"

BOMBS = {
    "count of a product": f"SELECT (COUNT(*) AS ?n) {{ {CROSS} }}",
    "product": f"SELECT * {{ {CROSS} }}",
    "product of triples": f"CONSTRUCT {{ ?a ?e ?i }} WHERE {{ {CROSS} }}",
    "description of a product": f"DESCRIBE ?a ?d ?g WHERE {{ {CROSS} }}",
    "sort of a product": "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY DESC(STR(?f)) ?c",
    "distinct product": f"SELECT DISTINCT ?a ?e ?i {{ {CROSS} }}",
    "groups of a product": f"SELECT ?a ?f (GROUP_CONCAT(?h) AS ?t) {{ {CROSS} }} GROUP BY ?a ?f",
    "late filter": f"ASK {{ {CROSS} FILTER(STRLEN(CONCAT(STR(?a), STR(?f), STR(?i))) < 0) }}",
    "paths": f"SELECT (COUNT(*) AS ?n) {{ ?a {ANY}* ?b . ?b {ANY}* ?c . ?c {ANY}* ?d }}",
    "path both ways": f"ASK {{ ?a ({ANY}|^{ANY})+ ?b . ?b ({ANY}|^{ANY})+ ?c FILTER(?a = ?c && ?a != ?c) }}",
    "doubling": DOUBLING,
    "collection": "SELECT * { ?s ?p (" + " ".join(f"?v{n}" for n in range(200)) + ") }",
    "values": "SELECT (COUNT(*) AS ?n) { "
    + " ".join(f"VALUES ?v{n} {{ {' '.join(map(str, range(50)))} }}" for n in range(8))
    + " }",
    "existence": f"ASK {{ ?x ?y ?z FILTER EXISTS {{ {CROSS} FILTER(?c = ?i && ?c != ?i && ?x != ?z) }} }}",
    "optional": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o "
    + " ".join(f"OPTIONAL {{ ?x{n} ?y{n} ?z{n} }}" for n in range(3))
    + " }",
}
