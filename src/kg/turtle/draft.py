"""A text and its parts while it is changed: splices, and where lines and blocks begin and end."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from kg.positions.statements import Term
from kg.positions.terms import Scope
from kg.turtle.layout import LINE_END, Layout, after_blank_lines, before_blank_lines, indentation
from kg.turtle.syntax import Directive, Part, Statement, moved, parts

_TAIL: Final = re.compile(r"[ \t]*(?:#[^\r\n]*)?(?=[\r\n]|\Z)")
_COMMENT: Final = re.compile(r"[ \t]*#(?P<heading>#)?")


@dataclass(slots=True)
class Draft:
    """A text, its parts, and the base that relative IRIs are resolved against at its beginning."""

    text: str
    base: str | None = None
    parts: list[Part] = field(default_factory=list)
    _terms: dict[str, Term] = field(default_factory=dict)

    @classmethod
    def of(cls, text: str, base: str | None) -> Draft:
        """Read *text*, which is known to be Turtle; raises SourceError at the first sign of RDF 1.2."""
        draft = cls(text, base)
        draft.parts = parts(text, Scope(base, terms=draft._terms))
        return draft

    def copy(self) -> Draft:
        """Give a draft that can be changed without changing this one."""
        return replace(self, parts=[*self.parts])

    def scope(self, before: int) -> Scope:
        """Give what the directives before the part *before* declare."""
        scope = Scope(self.base, terms=self._terms)
        for part in self.parts[:before]:
            if isinstance(part, Directive):
                part.apply(scope)
        return scope

    def blocks(self, subject: Term) -> list[int]:
        """Give the indexes of the statements about *subject*."""
        return [
            index
            for index, part in enumerate(self.parts)
            if isinstance(part, Statement) and part.subject == subject
        ]

    def layout(self) -> Layout:
        """Give how the text is laid out."""
        return Layout.of(self.text, self.parts)

    def labels(self) -> set[str]:
        """Give the labels of the blank nodes that the text names."""
        return {label for part in self.parts if isinstance(part, Statement) for label in part.labels}

    def splice(self, start: int, end: int, text: str, nodes: Sequence[Term] = ()) -> None:
        """Put *text* in place of what stands from *start* to *end*, which cuts through no part and no comment.

        *nodes* are those of the anonymous objects of a statement that is written anew.
        """
        before = [part for part in self.parts if part.end <= start]
        after = [part for part in self.parts if part.start >= end]
        inner = parts(text, self.scope(len(before)))
        if nodes:
            inner = [part.with_nodes(nodes) if isinstance(part, Statement) else part for part in inner]
        by = len(text) - (end - start)
        self.text = self.text[:start] + text + self.text[end:]
        self.parts = [*before, *(moved(part, start) for part in inner), *(moved(part, by) for part in after)]

    # Lines

    def tail(self, index: int) -> int:
        """Give where the line of a part's end ends, its comment included; the part's end where another part follows there."""
        end = self.parts[index].end
        match = _TAIL.match(self.text, end)
        return match.end() if match else end

    def shares_line(self, index: int) -> bool:
        """Tell whether another part ends on the line where the part *index* begins."""
        return indentation(self.text, self.parts[index].start) is None

    def _line_start(self, at: int) -> int:
        return at - len(indentation(self.text, at) or "")

    def _above(self, at: int) -> int:
        """Give where the line begins that ends directly before *at*, the beginning of a line."""
        ends = [match.end() for match in LINE_END.finditer(self.text, 0, at)]
        return ends[-2] if len(ends) > 1 else 0

    def comments_above(self, index: int) -> int:
        """Give where the comment lines begin that stand directly above the part *index*: its line where there are none."""
        start = self._line_start(self.parts[index].start)
        behind = self.parts[index - 1].end if index else 0
        while start > behind:
            above = self._above(start)
            if above < behind or not _COMMENT.match(self.text, above):
                break
            start = above
        return start

    def _own_comments(self, index: int, end: int) -> int:
        """Give where the comment lines begin that belong to the statement *index*: those above it where no line follows.

        A heading (``##``) and what the document begins with are no statement's own.
        """
        start, line = self.comments_above(index), self._line_start(self.parts[index].start)
        alone = end == len(self.text) or after_blank_lines(self.text, end) > end
        heading = any(
            match and match["heading"]
            for match in (_COMMENT.match(self.text, at) for at in self._line_starts(start, line))
        )
        return start if alone and start > 0 and not heading else line

    def _line_starts(self, start: int, end: int) -> list[int]:
        return [start, *(match.end() for match in LINE_END.finditer(self.text, start, end))][
            : -1 if end > start else 1
        ]

    # Blocks

    def remove(self, index: int) -> None:
        """Take the statement *index* out, with the comments that are its own and one of the gaps around it."""
        part, tail = self.parts[index], self.tail(index)
        following = self.parts[index + 1].start if index + 1 < len(self.parts) else len(self.text)
        if self.shares_line(index):
            start = self.parts[index - 1].end if index else part.start
            self.splice(start, part.end, "")
        elif following < len(self.text) and not LINE_END.search(self.text, part.end, following):
            self.splice(part.start, following, "")
        else:
            line_end = LINE_END.match(self.text, tail)
            end = line_end.end() if line_end else tail
            start = self._own_comments(index, end)
            self.splice(*self._with_gap(start, end), "")

    def _with_gap(self, start: int, end: int) -> tuple[int, int]:
        """Give *start* and *end* of whole lines, moved over the blank lines that would stand there twice."""
        blank = before_blank_lines(self.text, start)
        if start == 0 or blank < start:
            end = after_blank_lines(self.text, end)
        return (blank if end == len(self.text) else start), end

    def insert(self, index: int | None, block: str) -> None:
        """Write the statement *block* behind that at *index*, or (None) at the end of the text."""
        new = self.layout().line_end
        if index is None:
            ended = self.text[-1:] in ("", "\r", "\n")
            gap = "" if ended else new
            if self.parts and self._spaced(len(self.parts) - 1) and not (ended and self._ends_blank()):
                gap += new
            end = new if ended else ""
            self.splice(len(self.text), len(self.text), gap + block + end)
            return
        spaced, tail = self._spaced(index), self.tail(index)
        gap = new * (2 if spaced else 1)
        if index + 1 < len(self.parts) and not LINE_END.search(self.text, tail, self.parts[index + 1].start):
            self.splice(tail, self.parts[index + 1].start, gap + block + gap)
            return
        line_end = LINE_END.match(self.text, tail)
        rest = line_end.end() if line_end else tail
        closed = rest == len(self.text) or after_blank_lines(self.text, rest) > rest
        self.splice(tail, tail, gap + block + (new if spaced and not closed else ""))

    def _ends_blank(self) -> bool:
        return before_blank_lines(self.text, len(self.text)) < len(self.text)

    def _spaced(self, index: int) -> bool:
        """Tell whether a blank line stands between the statement *index* and its neighbour."""
        for first in (index, index - 1):
            pair = self.parts[max(first, 0) : first + 2]
            if len(pair) == 2 and all(isinstance(part, Statement) for part in pair):
                gap = self.text[pair[0].end : pair[1].start]
                return any(not line.strip() for line in LINE_END.split(gap)[1:-1])
        return True

    def comment(self, index: int, lines: Iterable[str]) -> None:
        """Write *lines* as comments above the statement *index*, unless they stand there."""
        start, part = self.comments_above(index), self.parts[index]
        written = [f"# {line}".rstrip() for line in lines]
        present = [line.strip() for line in LINE_END.split(self.text[start : part.start])]
        if all(line in present for line in written):
            return
        new = self.layout().line_end
        text = "".join(line + new for line in written)
        if self.shares_line(index):
            text = new + text
        self.splice(part.start, part.start, text)

    # Prefixes

    def declare(self, prefixes: Mapping[str, str]) -> int:
        """Declare *prefixes*, none of which the text declares, before the first statement, and give their number.

        They stand beside those that are there, in the order of the alphabet where those do.
        """
        new = self.layout().line_end
        for prefix, namespace in sorted(prefixes.items()):
            head = self._head()
            known = [part.prefix for part in head]
            sparql = bool(head) and not head[-1].keyword.startswith("@")
            line = (
                f"{head[-1].keyword if head else '@prefix'} {prefix}: <{namespace}>{'' if sparql else ' .'}"
            )
            before = next((part for part in head if (part.prefix or "") > prefix), None)
            if not head:
                self._begin(line, new)
            elif before is None or known != sorted(known, key=str):
                at = self.tail(self.parts.index(head[-1]))
                self.splice(at, at, new + line + self._break(at, new))
            else:
                self.splice(before.start, before.start, line + new)
        return len(prefixes)

    def _head(self) -> list[Directive]:
        """Give the declarations of prefixes before the first statement."""
        head: list[Directive] = []
        for part in self.parts:
            if isinstance(part, Statement):
                break
            if part.prefix is not None:
                head.append(part)
        return head

    def _break(self, at: int, new: str) -> str:
        """Give a line end where something else stands on the line at *at*."""
        return "" if at == len(self.text) or LINE_END.match(self.text, at) else new

    def _begin(self, line: str, new: str) -> None:
        """Write the first declaration, above what stands first and below what the document begins with."""
        first = next((n for n, part in enumerate(self.parts) if isinstance(part, Statement)), None)
        if first is None:
            at = len(self.text)
        elif (at := self.comments_above(first)) == 0 or self.shares_line(first):
            at = self.parts[first].start
        self.splice(at, at, line + new * 2)
