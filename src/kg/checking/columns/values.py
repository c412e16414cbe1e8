"""Values of terms in SQL: how SPARQL 1.1 holds them against each other (§17.3, §17.4), NULL where that is an error.

A term is given as the SQL of its number. Terms of which two engines may think differently are held apart before
(:attr:`kg.checking.columns.data.Columns.doubted`).
"""

from __future__ import annotations

from typing import Final

from kg.checking.columns.data import SAME_AMOUNT, Kind, quoted
from kg.checking.columns.scope import fresh
from kg.names import RDF, XSD

_READ: Final = "FROM term"
_KINDS: Final = {"isIRI": f"= {Kind.IRI}", "isBlank": f"= {Kind.BLANK}", "isLiteral": f">= {Kind.TEXT}"}


def of_kind(term: str, kind: str) -> str:
    """Give whether a term is of the *kind* that a function of SPARQL asks for: ``isIRI``, ``isBlank`` or ``isLiteral``."""
    return f"{term} % 8 {_KINDS[kind]}"


def amount(term: str) -> str:
    """Give the number that a literal stands for, NULL for any other term."""
    return _of(term, "number")


def language(term: str) -> str:
    """Give the language of a literal, empty without one, NULL for any other term."""
    return f"(CASE WHEN {term} % 8 = {Kind.TAGGED} THEN {_of(term, 'lang')} WHEN {term} % 8 >= {Kind.TEXT} THEN '' END)"


def text(term: str) -> str:
    """Give what ``STR`` gives: an IRI, or the form of a literal; NULL for a blank node."""
    return f"(CASE WHEN {term} % 8 <> {Kind.BLANK} THEN {_of(term, 'lexical')} END)"


def datatype(term: str) -> str:
    """Give the IRI of the datatype of a literal, NULL for any other term."""
    return (
        f"(CASE WHEN {term} % 8 = {Kind.TEXT} THEN {quoted(XSD + 'string')} WHEN {term} % 8 = {Kind.TAGGED} "
        f"THEN {quoted(RDF + 'langString')} WHEN {term} % 8 > {Kind.TAGGED} THEN {_of(term, 'datatype')} END)"
    )


def equal(one: str, other: str) -> str:
    """Give whether two terms are equal by value; an error for different literals of which one is of no known datatype."""
    unknown = (
        f"greatest({one} % 8, {other} % 8) = {Kind.OTHER} AND least({one} % 8, {other} % 8) >= {Kind.TEXT}"
    )
    return (
        f"(CASE WHEN {one} IS NULL OR {other} IS NULL THEN NULL WHEN {one} = {other} THEN true "
        f"WHEN {_both(one, other, Kind.NUMBER)} THEN {one} // {SAME_AMOUNT} = {other} // {SAME_AMOUNT} "
        f"WHEN {unknown} THEN NULL ELSE false END)"
    )


def less(one: str, sign: str, other: str) -> str:
    """Give whether two terms stand in the order of *sign*; an error where there is none between them."""
    texts = " OR ".join(_both(one, other, kind) for kind in (Kind.TEXT, Kind.DAY, Kind.TRUTH))
    return (
        f"(CASE WHEN {_both(one, other, Kind.NUMBER)} THEN {one} // {SAME_AMOUNT} {sign} {other} // {SAME_AMOUNT} "
        f"WHEN {texts} THEN {one} {sign} {other} END)"
    )


def _both(one: str, other: str, kind: Kind) -> str:
    return f"{one} % 8 = {kind} AND {other} % 8 = {kind}"


def read(query: str) -> bool:
    """Tell whether *query* reads any value."""
    return _READ in query


def _of(term: str, column: str) -> str:
    alias = fresh("v")
    return f"(SELECT {alias}.{column} {_READ} {alias} WHERE {alias}.id = {term})"
