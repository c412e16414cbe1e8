"""``CITATION.cff``: how a collection is cited, in the Citation File Format 1.2.0 (Druskat and others 2021), which forges and repositories read.

A file that a curator wrote keeps all that it says; the edition and its day are brought up to date. The id of a release never stands in it: the
file is older than the release.
"""

from __future__ import annotations

import re
from typing import Any, Final

import yaml

from kg.errors import ProjectError
from kg.manifest import CITATION
from kg.project import Project

_SPDX: Final = {
    "https://creativecommons.org/licenses/by/4.0/": "CC-BY-4.0",
    "https://creativecommons.org/licenses/by-sa/4.0/": "CC-BY-SA-4.0",
    "https://creativecommons.org/licenses/by-nc/4.0/": "CC-BY-NC-4.0",
    "https://creativecommons.org/publicdomain/zero/1.0/": "CC0-1.0",
    "https://opendatacommons.org/licenses/odbl/1-0/": "ODbL-1.0",
}
"""Identifiers of SPDX for licences of data; another licence is given by its address."""
_MESSAGE: Final = "If you use this collection, please cite it, with the id of the release that you used."


def written(project: Project, old: str) -> str:
    """Give ``CITATION.cff`` of *project*, from its *old* text where there is one.

    Raises ProjectError where the old text is no mapping of YAML, or not of this format.
    """
    return _renewed(project, old) if old.strip() else _fresh(project)


def _fresh(project: Project) -> str:
    licence = _SPDX.get(project.licence)
    values: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": _MESSAGE,
        "type": "dataset",
        "title": project.title,
        **({"abstract": project.description} if project.description else {}),
        "authors": [{"name": project.publisher or f"The editors of {project.title}"}],
        "version": project.version,
        "date-released": project.date,
        "url": project.base.iri,
        **({"license": licence} if licence else {"license-url": project.licence} if project.licence else {}),
    }
    return yaml.safe_dump(values, sort_keys=False, allow_unicode=True, width=110)


def _renewed(project: Project, old: str) -> str:
    """Give *old* with the edition and the day of *project*, every other line as it was."""
    try:
        said = yaml.safe_load(old)
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", 0) + 1
        raise _refused(f"{CITATION}:{line}: this is not YAML") from error
    if not isinstance(said, dict) or str(said.get("cff-version", "")) != "1.2.0":
        raise _refused(f"{CITATION} is not of the format 1.2.0")
    text = _with(_with(old, "version", project.version), "date-released", project.date)
    wanted = said | {"version": project.version, "date-released": project.date}
    if _texts(text) != {name: str(value) for name, value in wanted.items()}:
        raise _refused(f"{CITATION} says its version or its day in a way that cannot be brought up to date")
    return text


def _texts(text: str) -> dict[str, str] | None:
    """Give what the YAML *text* says by key, every value as text; None where it is none."""
    try:
        return {name: str(value) for name, value in yaml.safe_load(text).items()}
    except (yaml.YAMLError, AttributeError):
        return None


def _with(text: str, key: str, value: str) -> str:
    """Give the YAML *text* with *value* for its plain *key*, whose comment stays; a key that is absent comes after the version, else at the end."""
    line = f"{key}: {_scalar(value)}"
    found = re.search(rf"^{key}:[^\n#]*?(?=[ \t]*(?:#[^\n]*)?$)", text, re.MULTILINE)
    if found:
        return text[: found.start()] + line + text[found.end() :]
    after = re.search(r"^version:[^\n]*\n", text, re.MULTILINE)
    at = after.end() if after else len(text)
    gap = "" if not text[:at] or text[:at].endswith("\n") else "\n"
    return f"{text[:at]}{gap}{line}\n{text[at:]}"


def _scalar(value: str) -> str:
    """Give *value* as YAML writes a text: in quotes where it would be read as a number or a date."""
    return yaml.safe_dump(value, allow_unicode=True, width=10_000).partition("\n")[0]


def _refused(sentence: str) -> ProjectError:
    return ProjectError(sentence, remedy="mend it, or remove it and have it written anew")
