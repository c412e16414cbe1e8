"""``kg verify`` and ``kg anchor``: passages proved against a copy that the reader holds, and new ones made."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import click

from kg import evidence, loading, passages
from kg.archive import Archive
from kg.cli.printing import count
from kg.cli.reading import RELEASE, Source, opened, project_root, reads
from kg.errors import EvidenceError, NotFound, ProjectError, StoreError
from kg.names import Base
from kg.project import Project
from kg.validation import Finding

_COPY = click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))


@click.command(epilog="Example: kg verify ~/copies/article.html")
@_COPY
@click.option(
    "--source",
    "document",
    metavar="NAME",
    help="The source or text version to check (default: the one that fits best).",
)
@click.option("--format", "format", type=click.Choice(["text", "json"]), default="text", show_default=True)
@reads
@click.pass_context
def verify(context: click.Context, file: Path, document: str | None, format: str, source: Source) -> None:
    """Prove the passages against your own copy of the source.

    FILE is text or saved HTML. Prints each passage as found at its place, moved, or missing, with the claims that rest on it.
    Writes no file and fetches nothing. Exit code 1 when a passage is missing.
    """
    archive = source.open()
    result = archive.verify(file.read_bytes(), source=document)
    places = _places(archive, result)
    if format == "json":
        click.echo(json.dumps(_json(result, places), ensure_ascii=False, indent=2))
    else:
        _print(archive, result, places)
    context.exit(1 if result.count("missing") else 0)


def _places(archive: Archive, result: evidence.Verification) -> dict[str, str]:
    """Give the place of each passage that is not where it was, by its IRI, where the files of the project around us have it."""
    wanted = [found.passage.iri for found in result.results if found.state != "found"]
    root = project_root() if wanted else None
    if root is None:
        return {}
    try:
        loaded = loading.load(Project.open(root, base=archive.base.iri))
    except ProjectError:
        return {}
    located = (loaded.locate(Finding("info", "", "", focus=f"<{iri}>")) for iri in wanted)
    return {iri: finding.place for iri, finding in zip(wanted, located, strict=True) if finding.file}


def _json(result: evidence.Verification, places: Mapping[str, str]) -> dict[str, object]:
    return {
        "text": result.text.iri,
        "same_bytes": result.same_bytes,
        "same_text": result.same_text,
        "counts": {state: result.count(state) for state in ("found", "moved", "missing")},
        "passages": [
            {
                "passage": found.passage.iri,
                "state": found.state,
                "span": found.span,
                "claims": list(found.passage.claims),
            }
            | ({"place": places[found.passage.iri]} if found.passage.iri in places else {})
            for found in result.results
        ],
    }


def _print(archive: Archive, result: evidence.Verification, places: Mapping[str, str]) -> None:
    name = archive.base.compact
    same = (
        "the very bytes captured"
        if result.same_bytes
        else "the same text"
        if result.same_text
        else "a copy that differs"
    )
    click.echo(f"{name(result.text.iri)}: {same}")
    for found in result.results:
        old = f"{found.passage.start}–{found.passage.end}"
        where = f" → {found.span[0]}–{found.span[1]}" if found.span and found.state == "moved" else ""
        recorded = f" at {places[found.passage.iri]}" if found.passage.iri in places else ""
        click.echo(
            f"{found.state:8} {name(found.passage.iri)} {old}{where} ({count(len(found.passage.claims), 'claim')}){recorded}"
        )
        if found.state == "missing":
            for claim in found.passage.claims:
                click.echo(f"         rests on it: {name(claim)}")
    click.echo(
        f"{result.count('found')} found, {result.count('moved')} moved, {result.count('missing')} missing"
        + (
            f"; {count(len(result.affected_claims()), 'claim')} without ground in this copy"
            if result.count("missing")
            else ""
        )
    )


@click.command(epilog='Example: kg anchor a.txt --text "I came home by the last train on Monday."')
@_COPY
@click.option("--text", "words", required=True, help="The words of the passage, as the copy has them.")
@click.option("--slug", default="new-passage", show_default=True, help="Name of the passage.")
@click.option(
    "--text-version",
    "version",
    metavar="NAME",
    help="The text version (default: the recorded one with exactly this text).",
)
@click.option(
    "--stands-in", metavar="NAME", help="The caption, article or comment that the passage belongs to."
)
@click.option(
    "--part",
    "parts",
    multiple=True,
    metavar="WORDS",
    help="Anchor a name or number inside the passage too; repeat for several.",
)
@click.option(
    "--part-slug",
    "slugs",
    multiple=True,
    help="Last part of the name of each part, in order (default: part-1, part-2 …).",
)
@RELEASE
def anchor(
    file: Path,
    words: str,
    slug: str,
    version: str | None,
    stands_in: str | None,
    parts: tuple[str, ...],
    slugs: tuple[str, ...],
    release: Path | None,
) -> None:
    """Print the Turtle of a passage found in your own copy.

    FILE is that copy of the source; the words themselves are not in the Turtle: a position and a digest hold the place. Writes
    no file. Exit code 1 when the words are not in the text, stand in it twice, or are too short.
    """
    copy = evidence.Copy.read(file.read_bytes())
    found = evidence.anchor(copy, words)
    base, recorded = _recorded(release)
    text = _text(base, recorded, copy, version)
    place = base.expand(stands_in) if stands_in else None
    turtle = passages.turtle(found, slug, text=text, stands_in=place, base=base)
    if slugs and len(slugs) != len(parts):
        raise click.UsageError("give one --part-slug for each --part, or none")
    for part, name in zip(
        parts, slugs or [f"part-{number + 1}" for number in range(len(parts))], strict=True
    ):
        span = evidence.anchor_part(copy, found, part)
        turtle += "\n" + passages.part_turtle(span, f"{slug}-{name}", passage=slug)
    click.echo(turtle, nl=False)


def _recorded(release: Path | None) -> tuple[Base, dict[str, str]]:
    """Give the base and the digests of the text versions of *release*, by IRI.

    Of a project without a release, whose first passage this may be, those in its files.
    """
    try:
        archive = opened(release)
    except StoreError:
        root = release or project_root()
        if root is None or not (root / "kg.toml").is_file():
            raise
        project = Project.open(root)
        base, quads = project.base, iter(loading.load(project).quads)
    else:
        base, quads = archive.base, iter(archive.quads())
    return base, {version.iri: version.digest for version in passages.read(quads)[0]}


def _text(base: Base, recorded: Mapping[str, str], copy: evidence.Copy, name: str | None) -> str:
    """Give the IRI of the text version *name*, else of the recorded one with exactly the text of *copy*."""
    facts = (
        "record it as a kg:TextVersion with\n"
        f'  kg:length {len(copy.text)} ; kg:textDigest "{copy.digest}" ; kg:capturedDigest "{copy.captured_digest}"\n'
        "  and name it with --text-version"
    )
    if name:
        iri = base.expand(name, kind="text")
        if recorded.get(iri, copy.digest) != copy.digest:
            raise EvidenceError(
                f"this copy is not {base.compact(iri)}: places in it would be wrong there",
                remedy=facts,
            )
        return iri
    for iri, digest in recorded.items():
        if digest == copy.digest:
            return iri
    raise NotFound("no recorded text version has exactly this text", remedy=facts)
