"""The checker of a project: load, take out what is not public, derive, validate; then again, as little as a change asks for."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kg import changelog, checks, deriving, loading, metadata, redaction, references, shacl
from kg.checking import certainty
from kg.checking.engines import Engine, Holding, chosen
from kg.checking.engines import held as held_by
from kg.checking.questions import Questions
from kg.errors import ProjectError
from kg.loading import Doubt, Loaded, Part, Shelf
from kg.names import KG, RDF
from kg.project import CONFIGURATION, LOCAL, Project
from kg.redaction import Public, Redaction
from kg.spool import Spool
from kg.triples import ByProperty
from kg.validation import Finding, Report


@dataclass(frozen=True, slots=True)
class Checked:
    """The public data of a project, with the layers that the build adds, and everything found about them.

    ``redactions`` are those that the project records, ``public`` says what fell by them. Where it is not ``complete``
    something could not be read, which is a violation, and what rests on it is not told.
    """

    quads: list[ox.Quad] | Spool
    report: Report
    redactions: list[Redaction]
    public: Public
    complete: bool = True


class Checker:
    """Everything that is found about *project*; ``project`` is as its settings are now. *engine* holds the shapes against the data.

    :meth:`update` finds the same as a new checker would, and reads, derives and evaluates only what may differ.
    """

    def __init__(self, project: Project, engine: Engine = "sets") -> None:
        self.project = project
        self._engine = engine
        self._changed: set[Path] = set()
        self._shelf = Shelf()
        self._questions = Questions()
        self._shapes: list[tuple[str, bytes]] = []
        self._constraints: Holding | None = None

    def check(self, added: Iterable[Part] = ()) -> Checked:
        """Check everything, with *added* parts that no file holds yet; places of findings are filled in. The quads lack ``graph/meta``.

        Raises ProjectError where a setting or a shape cannot be used.
        """
        return self._check(None, added)

    def update(self, paths: Collection[Path]) -> Checked:
        """Check again after the files *paths* (absolute) were changed, made, renamed or taken away.

        A setting or a shape that cannot be used is a finding here, and the only one, until it can.
        """
        self._changed |= set(paths)
        try:
            if self.project.root / CONFIGURATION in self._changed:
                self.project = self.project.reopened()
            checked = self._check(self._changed)
        except ProjectError as error:
            return Checked([], settings_report(error, self.project.root), [], Public([]), complete=False)
        self._changed.clear()
        return checked

    def _check(self, changed: Collection[Path] | None, added: Iterable[Part] = ()) -> Checked:
        project = self.project
        loaded = loading.load(project, self._shelf, changed, added)
        doubt = loaded.doubt.widened(loaded.quads)
        redactions, found = redaction.read(loaded.redactions)
        public = Public.of(loaded.by_property, redactions, project.base)
        if doubt and any(map(doubt.about, public.fallen)):
            doubt = Doubt(everything=True)  # more, or less, may be hidden than is here
        found = certainty.certain([*found, *public.findings], doubt, loaded.quads)
        found += self._questions.findings(project, public.fallen)
        found += changelog.naming(project, loaded.quads, public.fallen)
        quads = public.quads
        if "attest" in project.profiles:
            public_quads = ByProperty(public.quads) if public.fallen else loaded.by_property
            held = public_quads + deriving.derive(public_quads, project.base)
            quads = held.quads
            found += self._attest(loaded, held, doubt)
        report = Report([*loaded.findings, *map(loaded.locate, found)], str(project.root))
        return Checked(quads, report, redactions, public, complete=loaded.complete)

    def _attest(self, loaded: Loaded, held: ByProperty, doubt: Doubt) -> list[Finding]:
        """Give what the profile finds: by its shapes, by the named checks, and about what the files do not hold."""
        project = self.project
        constraints = self._current(len(held.quads))
        constraints.update(held.quads)
        found = constraints.findings(doubt)
        texts = _texts(project)
        subject = checks.Subject(loaded.by_property, project.base, project.languages, texts)
        more = checks.run(subject) + references.check(held, project.base)
        found += certainty.certain(more, doubt, loaded.quads)
        found += _unknown_texts(project, texts, loaded.by_property.having(KG + "versionOf"), doubt)
        return found if doubt else found + _nothing(held.having(RDF + "type"))

    def _current(self, number: int) -> Holding:
        """Give the constraints of the shape files as these are now, for *number* statements."""
        project, engine = self.project, chosen(self._engine, number)
        files = [(project.name(path), path.read_bytes()) for path in project.shape_files()]
        made_of = [*files, (project.base.iri, b""), (engine, b"")]
        if self._constraints is None or self._shapes != made_of:
            self._constraints = None  # what cannot be read now must not be answered by what could be before
            self._constraints = held_by(shacl.shapes(files, project.base), project.base, engine)
            self._shapes = made_of
        return self._constraints


def settings_report(error: ProjectError, root: Path) -> Report:
    """Give what a setting or a shape of the project in *root* that cannot be used is as a finding, at its place where one is known."""
    finding = Finding(
        "violation",
        error.message,
        "settings",
        error.remedy,
        file=error.path or CONFIGURATION,
        line=error.line,
        column=error.column,
    )
    return Report([finding], str(root))


def _texts(project: Project) -> dict[str, bytes]:
    """Give the bytes of the local copies of sources, by the IRI of the source."""
    texts = {}
    for source, path in project.texts().items():
        try:
            texts[project.base.id("source", source)] = path.read_bytes()
        except OSError as error:
            raise ProjectError(
                f"{path}: the local copy of {source} cannot be read: {error.strerror}",
                remedy="correct the path in kg.local.toml, or remove the line",
            ) from error
    return texts


def _unknown_texts(
    project: Project, texts: Iterable[str], quads: Iterable[ox.Quad], doubt: Doubt
) -> list[Finding]:
    """Give a warning for each local copy, by the IRI of its source, that no text version is of, by the *quads* that say it: it would prove nothing."""
    sources = {quad.object for quad in quads}
    unknown = [
        source.rpartition("/")[2]
        for source in texts
        if ox.NamedNode(source) not in sources and not doubt.about(source)
    ]
    return [
        Finding(
            "warning",
            f"{slug!r} is no source of this collection, so nothing is checked against its copy",
            "local-text",
            "name the source as its slug stands in the data",
            file=LOCAL,
            line=line,
            column=column,
        )
        for slug in unknown
        for line, column in [project.setting(LOCAL, "texts", slug)]
    ]


def _nothing(quads: Iterable[ox.Quad]) -> list[Finding]:
    """Give a finding where no claim is among the *quads* that state types: an empty dataset would conform to everything."""
    return [] if "claims" in metadata.kinds(quads) else [
        Finding("violation", "there is no claim in the data", "no-claims", "add claims under data/, or use --profile none")
    ]  # fmt: skip
