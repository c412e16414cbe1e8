"""Edits: what is to be said of each resource in each file, worked out before any file is touched."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pyoxigraph as ox

from kg.sheets.citations import CITED
from kg.sheets.holdings import TYPE, File, Holdings, Said


class Edits:
    """New statements by file and resource, in the order in which they came."""

    def __init__(self, holdings: Holdings) -> None:
        self._holdings = holdings
        self._known = {file.path: file for file in holdings.files}
        self.files: dict[Path, dict[ox.NamedNode, list[Said]]] = {}

    def add(self, subject: ox.NamedNode, said: Iterable[Said], path: Path) -> None:
        """Write a new resource into the file *path*: its types first."""
        distinct = list(dict.fromkeys(said))
        ordered = [each for each in distinct if each[0] == TYPE] + [
            each for each in distinct if each[0] != TYPE
        ]
        self.files.setdefault(path, {})[subject] = ordered

    def replace(
        self, subject: ox.NamedNode, governs: Callable[[Said], bool], said: Sequence[Said]
    ) -> str | None:
        """Put *said* in the place of what *governs* holds true of; give the name of a file that cannot be edited, else None.

        A statement that stays keeps its file; a new one goes to where one of its property stood, else to the home of
        the resource.
        """
        standing = self._holdings.said(subject)
        home = self._holdings.home(subject)
        gone = [each for each in standing if governs(each.said) and each.said not in said]
        kept = {each.said for each in standing}
        new = [each for each in said if each not in kept]
        by_property: dict[ox.NamedNode, File] = {}
        for each in standing:
            if governs(each.said):
                by_property.setdefault(each.said[0], each.file)
        touched = [each.file for each in gone] + [by_property.get(each[0], home) for each in new]
        for file in touched:
            if file is not None and not file.editable:
                return file.name
        for each in gone:
            pairs = self._pairs(each.file, subject)
            if each.said in pairs:
                pairs.remove(each.said)
        for added in new:
            if (file := by_property.get(added[0], home)) is not None:
                self._pairs(file, subject).append(added)
        return None

    def describe(self, subject: ox.NamedNode, said: Sequence[Said], path: Path) -> None:
        """Say *said* of a citation or the like: in its place where files have it, else in the file *path*."""
        if subject not in self._holdings:
            self.add(subject, said, path)
            return
        self.replace(subject, lambda each: each[0] in CITED, said)

    def _pairs(self, file: File, subject: ox.NamedNode) -> list[Said]:
        edited = self.files.setdefault(file.path, {})
        if subject not in edited:
            edited[subject] = list(file.subjects.get(subject, ()))
        return edited[subject]
