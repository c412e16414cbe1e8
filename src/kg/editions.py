"""Editions: what ``kg release`` makes of a project: a dated version with a record of what changed, a changelog and a citation.

Everything is worked out before anything is written (:func:`plan`); then the project's three files are written, the release is built, and
where that fails the files are as they were (:func:`carry_out`). The same project, previous version, edition and day give the same bytes.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import tomlkit
from tomlkit.exceptions import TOMLKitError

from kg import building, cff, changelog, diff, drafts, manifest, release, settings
from kg.checking import Checker
from kg.diff import Difference, Side, Version, account
from kg.errors import InvalidGraph, ProjectError, StoreError
from kg.manifest import CHANGES, CITATION, Manifest
from kg.project import CONFIGURATION, Project
from kg.validation import Report

CALLED: Final = "this release"
"""What a new release is called in the record of what changed, which is older than its id."""

_NUMBERED: Final = re.compile(r"v?([0-9]+(?:\.[0-9]+)*)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A new edition of ``project`` (with its edition and day) in the directory ``out``, worked out and not yet made.

    ``previous`` is the version before and ``difference`` what changed since; ``entry`` is for the changelog. ``files`` are the texts of the
    project's files that are going to be written, ``notes`` the files that the release gets, ``report`` what validation found; ``state`` is a
    digest of the data that all this was worked out from, and ``checker`` the one that they were checked with.
    """

    project: Project
    out: Path
    previous: Manifest | None
    difference: Difference
    entry: str
    files: dict[Path, str]
    notes: dict[str, bytes]
    report: Report
    state: str
    checker: Checker


def plan(project: Project, out: Path, *, edition: str = "", date: str, entry: str = "") -> Plan:
    """Work out the release of *project* into *out*, as *edition* (default: that of ``kg.toml``) of the day *date* (ISO 8601).

    *entry* is for the changelog, in the place of the sentences of what changed; one that stands there already under that edition goes before both.
    Raises InvalidGraph where the project does not conform, ProjectError where there is no edition, or none newer than the last, and for
    a file that cannot be brought up to date, StoreError for a damaged release.
    """
    edition = edition.strip() or project.version
    previous = last(out)
    _check(edition, previous)
    fresh = replace(project, version=edition, date=date)
    settled = _configured(project, edition, date)
    checker = Checker(fresh)
    checked = checker.check()
    if not checked.report.conforms:
        raise InvalidGraph(
            "there are violations in the data; nothing was released",
            report=checked.report,
            remedy="mend what is listed",
        )
    now = Side(
        called=CALLED,
        manifest=drafts.described(fresh, checked.public),
        quads=checked.quads,
        inputs=drafts.inputs(fresh),
        hidden=checked.public.fallen,
    )
    if previous is None:
        difference = Difference(since=None, now=_version(now))
    else:
        difference = diff.difference(Side.release(_place(out, previous)), now)
    path = changelog.place(project)
    text = _text(path)
    written = changelog.entry(text, edition)
    said = written or entry or account.markdown(difference, heading=changelog.heading(edition, date))
    citation = project.root / CITATION
    cited = cff.written(fresh, _text(citation))
    files = {project.root / CONFIGURATION: settled, citation: cited}
    if not written:
        files[path] = changelog.prepended(text, said)
    return Plan(
        project=fresh,
        out=out,
        previous=previous,
        difference=difference,
        entry=said,
        files={each: text for each, text in files.items() if _text(each) != text},
        state=_state(project),
        notes={CHANGES: account.written(difference), CITATION: cited.encode()},
        report=checked.report,
        checker=checker,
    )


def carry_out(plan: Plan) -> tuple[Manifest, Report]:
    """Write the files of *plan* and build its release; give its manifest and the report. Where that fails, the files are as they were.

    Raises as :func:`kg.building.build` does, ProjectError where the data changed since, OSError where a file cannot be written.
    """
    if _state(plan.project) != plan.state:
        raise ProjectError("the data changed while the release was worked out", remedy="run kg release again")
    before = {path: path.read_bytes() if path.is_file() else None for path in plan.files}
    try:
        for path, text in plan.files.items():
            _write(path, text.encode())
        previous = plan.previous.id if plan.previous is not None else ""
        checked = plan.checker.update(plan.files)  # of all else the state is the same
        return building.build(plan.project, plan.out, notes=plan.notes, previous=previous, checked=checked)
    except BaseException:
        for path, data in before.items():
            if data is None:
                path.unlink(missing_ok=True)
            else:
                _write(path, data)
        raise


def last(out: Path) -> Manifest | None:
    """Give the manifest of the release in *out* that ``kg release`` made last, None where it made none there."""
    found = [manifest.read(place) for place in release.kept(out)]
    return next((each for each in found if each.released), None)


def is_newer(edition: str, than: str) -> bool:
    """Tell whether *edition* comes after *than*: by the precedence of Semantic Versioning 2.0.0 where both are numbered, else by their digits and letters.

    >>> is_newer("0.10.0", "0.9.2"), is_newer("1.0.0-rc.1", "1.0.0"), is_newer("2026-11", "2026-9"), is_newer("1.0", "1.0")
    (True, False, True, False)
    """
    one, other = _NUMBERED.fullmatch(edition), _NUMBERED.fullmatch(than)
    if one and other:
        return _precedence(one) > _precedence(other)
    return _parts(edition) > _parts(than)


def _precedence(found: re.Match[str]) -> tuple[list[int], bool, list[tuple[int, int, str]]]:
    numbers = [int(part) for part in found[1].split(".")]
    while numbers and not numbers[-1]:
        numbers.pop()
    return numbers, found[2] is None, _parts(found[2] or "")


def _parts(text: str) -> list[tuple[int, int, str]]:
    parts = re.findall(r"[0-9]+|[^0-9.\s-]+", text)
    return [(0, int(part), "") if part.isascii() and part.isdigit() else (1, 0, part) for part in parts]


def _check(edition: str, previous: Manifest | None) -> None:
    if not edition:
        raise ProjectError(
            f"{CONFIGURATION} has no edition, and a release needs one",
            remedy='name it with --edition, or write for example edition = "0.1.0"',
        )
    if re.search(r"[\x00-\x1f\x7f\"\\]", edition) or len(edition) > 60:
        raise ProjectError(f"{edition[:60]!r} is no edition", remedy="write for example 0.2.0")
    if previous is not None and not is_newer(edition, previous.version):
        raise ProjectError(
            f"the edition {edition} is not newer than {previous.version or 'the last one'}, which was released as {previous.id}",
            remedy="name a newer one with --edition, or write it in kg.toml",
        )


def _configured(project: Project, edition: str, date: str) -> str:
    """Give the text of ``kg.toml`` with *edition* and *date*, and else as it is, comments too. Raises ProjectError."""
    path = project.root / CONFIGURATION
    before = settings.read(path)
    text = path.read_bytes().decode("utf-8")
    try:
        document = tomlkit.parse(text)
        for key, value in (("edition", edition), ("date", date)):
            if key not in document or str(document.unwrap()[key]) != value:
                document[key] = value  # the comment behind an old value stays
        fresh = tomlkit.dumps(document)
    except TOMLKitError as error:
        raise ProjectError(f"{CONFIGURATION} cannot be written: {error}", remedy="write edition and date there yourself") from error  # fmt: skip
    if settings.read(path, fresh) != replace(before, edition=edition, date=date):
        raise ProjectError(
            f"{CONFIGURATION} cannot be written without changing what else it says",
            remedy="write edition and date there yourself",
        )
    return fresh


def _state(project: Project) -> str:
    digests = (hashlib.sha256(file.path.read_bytes()).hexdigest() for file in project.data_files())
    return hashlib.sha256("".join(digests).encode()).hexdigest()


def _text(path: Path) -> str:
    """Give the text of the file *path* with the ends of its lines as they are; nothing where there is none."""
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        raise ProjectError(f"{path} is not UTF-8", remedy="save the file as UTF-8") from error


def _place(out: Path, listed: Manifest) -> Path:
    for place in release.kept(out):
        if manifest.read(place).id == listed.id:
            return place
    raise StoreError(f"the release {listed.id} is not in {out} any more")


def _version(side: Side) -> Version:
    return Version(side.called, "", side.manifest.version, side.manifest.date)


def _write(path: Path, data: bytes) -> None:
    """Write *data* to *path*, whole or not at all; the permissions of a file that is there stay."""
    fresh = path.with_name(f".{path.name}.part")
    try:
        fresh.write_bytes(data)
        if path.is_file():
            fresh.chmod(path.stat().st_mode)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
